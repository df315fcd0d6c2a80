/**
 * Who may import whom (dependency-cruiser), type-only imports included. One row per folder: whatever is not listed is
 * refused, packages and Node's own modules too. The type checker keeps the platforms apart beside this.
 */

const NODE = 'node:'; // Node's own modules, which have no path
const pkg = (...names) => `^node_modules/(${names.join('|')})(/|$)`;
const REACT = pkg('react', 'react-dom', '@types/react', '@types/react-dom');

/** Folder: what it may import besides itself. */
const MAY_IMPORT = {
  'engine/base': [],
  'engine/readers': ['^engine/base/'],
  'engine/table': ['^engine/base/'],
  'engine/filter/language': ['^engine/(base|text)/', '^engine/filter/(functions|value)\\.ts$', '^engine/filter/regex/'],
  'engine/dissect': ['^engine/base/', '^engine/table/'],
  'engine/cloud': ['^engine/base/'],
  'engine/analyses': ['^engine/base/', '^engine/table/', '^engine/cloud/'],
  'engine/filter': ['^engine/(base|table|text)/'],
  'engine/exporters': ['^engine/base/', '^engine/table/', '^engine/dissect/', '^engine/readers/link-types\\.ts$'],
  'engine/contract': ['^engine/base/', pkg('valibot')],
  'engine/capture': ['^engine/(base|contract)/'],
  'engine/text': ['^engine/base/'],
  'engine/session': ['^engine/(base|cloud|readers|table|dissect|filter|analyses|exporters|contract)/'],
  'engine/jobs': ['^engine/(?!host/)'],
  'engine/host': ['^engine/', NODE, pkg('valibot')],
  cli: ['^engine/', NODE, pkg('ws', '@types/ws')],
  electron: ['^engine/(host|contract|text)/', NODE, pkg('electron')],
  renderer: [
    '^engine/(contract|filter/language|base|text|capture)/',
    REACT,
    pkg(
      '@codemirror/[a-z]+',
      '@lezer/highlight',
      '@fontsource-variable/[a-z-]+',
      'ag-grid-community',
      'lucide-react',
      'react-aria-components',
      'react-resizable-panels',
      'recharts',
      'valibot',
    ),
  ],
};

/** Folders that have a row of their own inside a larger one. */
const INNER = { 'engine/filter': '^engine/filter/language/' };

const rows = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: folder.replaceAll('/', '-'),
  comment: `${folder} may import ${allowed.length === 0 ? 'nothing' : 'only what its row lists'}.`,
  severity: 'error',
  from: { path: `^${folder}/`, ...(INNER[folder] === undefined ? {} : { pathNot: INNER[folder] }) },
  to: {
    couldNotResolve: false,
    pathNot: [`^${folder}/`, ...allowed.filter((path) => path !== NODE)],
    ...(allowed.includes(NODE) ? { dependencyTypesNot: ['core'] } : {}),
  },
}));

/** Libraries that are wrapped once, so that they can be changed in one place. */
const WRAPPED = {
  'ag-grid': {
    users: '^renderer/(components/(data-)?grid|theme/grid-theme)',
    packages: pkg('ag-grid-community'),
  },
  charts: { users: '^renderer/components/report/report-chart', packages: pkg('recharts') },
};

const wrappers = Object.entries(WRAPPED).map(([name, { users, packages }]) => ({
  name: `wrapped-${name}`,
  comment: `Only ${users} imports this library.`,
  severity: 'error',
  from: { pathNot: `${users}|^node_modules/` },
  to: { path: packages },
}));

module.exports = {
  forbidden: [
    ...rows,
    ...wrappers,
    {
      name: 'engine-top-level',
      comment: 'Every file of engine is in a folder that has a row; what is not cannot be checked.',
      severity: 'error',
      from: {},
      to: { path: '^engine/', pathNot: Object.keys(MAY_IMPORT).map((folder) => `^${folder}/`) },
    },
    {
      name: 'no-protocol-to-protocol',
      comment: 'A protocol imports its own folder, never another protocol; the list is the only one that knows all.',
      severity: 'error',
      from: { path: '^engine/dissect/protocols/([^/.]+)', pathNot: '^engine/dissect/protocols/index\\.ts$' },
      to: { path: '^engine/dissect/protocols/', pathNot: '^engine/dissect/protocols/$1(\\.ts$|/)' },
    },
    {
      name: 'no-view-to-view',
      comment: 'A view imports its own folder, never another view; the list is the only one that knows all.',
      severity: 'error',
      from: { path: '^renderer/views/([^/]+)/' },
      to: { path: '^renderer/views/', pathNot: '^renderer/views/($1/|view\\.tsx?$)' },
    },
    {
      name: 'not-to-tests-or-scripts',
      comment: 'Nothing that ships imports test or scripts.',
      severity: 'error',
      from: { pathNot: '^(test|scripts)/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-cycles',
      comment: 'No cycles, type-only imports included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nothing imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^scripts/[^/]+\\.(ts|mjs)$', '\\.test\\.tsx?$', '\\.mjs$'] },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-to-dev-packages',
      comment: 'What ships imports packages that are installed with it; electron is the program that it runs in.',
      severity: 'error',
      from: { path: '^(engine|cli|electron|renderer)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: pkg('electron', '@types/.*', 'vite') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^build/' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    reporterOptions: { text: { highlightFocused: true } },
  },
};
