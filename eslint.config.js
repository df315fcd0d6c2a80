/**
 * Lint rules (ESLint 10, typescript-eslint 8 with types). Formatting and import order are biome's, layers are
 * dependency-cruiser's, unused code is knip's: here is what changes the meaning of code.
 */
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const MODULE_RULES = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only: one name for one thing, everywhere.' },
  {
    selector:
      ':matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration, ImportExpression)[source.value=/^\\.(?!.*\\.(ts|tsx|mjs|css|json|svg|png)$)/]',
    message: 'Write the ending of the file (.ts, .tsx) in a relative import.',
  },
];

/** What a `scan` may not contain: it runs once per packet, and each of these allocates or unwinds. */
const NOT_IN_SCAN = {
  ObjectExpression: 'an object',
  ArrayExpression: 'an array',
  ArrayPattern: 'an iterator',
  SpreadElement: 'an array',
  ArrowFunctionExpression: 'a closure',
  'FunctionExpression FunctionExpression': 'a closure',
  'FunctionExpression FunctionDeclaration': 'a closure',
  ClassExpression: 'a class',
  NewExpression: 'an object',
  TemplateLiteral: 'a string',
  'Literal[bigint]': 'a bigint',
  'Literal[regex]': 'a regular expression',
  ForOfStatement: 'an iterator',
  YieldExpression: 'an iterator',
  AwaitExpression: 'a promise',
  ThrowStatement: 'an exception',
  TryStatement: 'a handler of exceptions',
};

/** The method `scan`, a function given as `scan`, and helpers whose name begins with it: `function scanOptions(...)`. */
const SCANS = [
  ':matches(Property, PropertyDefinition, MethodDefinition)[key.name="scan"] > FunctionExpression',
  ':matches(Property, PropertyDefinition)[key.name="scan"] > ArrowFunctionExpression',
  'FunctionDeclaration[id.name=/^scan([A-Z]|$)/]',
];

const SCAN_RULES = Object.entries(NOT_IN_SCAN).flatMap(([node, what]) =>
  SCANS.map((scan) => ({
    selector: node.startsWith('FunctionExpression ')
      ? `${scan} ${node.slice('FunctionExpression '.length)}`
      : `${scan} ${node}`,
    message: `scan runs once per packet: it may not make ${what}.`,
  })),
);

/** Text from packets is never markup. */
const MARKUP_RULES = [
  {
    selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
    message: 'Text from packets is never markup: give it as a child.',
  },
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]',
    message: 'Text from packets is never markup: use textContent.',
  },
  {
    selector: 'MemberExpression[object.name="document"][property.name=/^write(ln)?$/]',
    message: 'Text from packets is never markup: use textContent.',
  },
];

function restricted(...rules) {
  return { 'no-restricted-syntax': ['error', ...rules.flat()] };
}

export default tseslint.config(
  { ignores: ['build/', 'node_modules/', 'coverage/', 'test-results/', 'playwright-report/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' } },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...restricted(MODULE_RULES),
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-param-reassign': 'off',
      'no-var': 'error',
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      // An implementation of an asynchronous contract may have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
    },
  },
  {
    files: ['engine/dissect/protocols/**/*.ts'],
    rules: restricted(MODULE_RULES, SCAN_RULES),
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.tsx'],
    ...hooks.configs.flat['recommended-latest'],
  },
  {
    // Stores are closures: their methods do not use `this`, and React is handed them as they are.
    files: ['renderer/**/*.ts', 'renderer/**/*.tsx'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.tsx', 'electron/**/*.ts'],
    rules: restricted(MODULE_RULES, MARKUP_RULES),
  },
  {
    // The tools that read these files ask for a default export.
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
);
