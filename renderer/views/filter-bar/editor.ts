/** The filter's text field: CodeMirror 6 on one line, with the language's colours, completion and the place of an error. */

import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeCompletion,
  completionKeymap,
  completionStatus,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import {
  Compartment,
  EditorState,
  type Extension,
  Prec,
  StateEffect,
  StateField,
  Transaction,
} from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  type KeyBinding,
  keymap,
  placeholder,
  tooltips,
} from '@codemirror/view';
import type { FieldCatalog } from '../../../engine/base/fields.ts';
import { completeFilter } from '../../../engine/filter/language/complete.ts';
import { highlightFilter } from '../../../engine/filter/language/highlight.ts';
import { cspNonce } from '../../theme/nonce.ts';
import styles from './filter-bar.module.css';
import { fittingValues, type OfferedValue, type OfferedValues } from './value-options.ts';

export interface Place {
  readonly start: number;
  readonly end: number;
}

/** What the editor asks the component around it; read anew each time. */
export interface EditorHost {
  readonly catalog: () => FieldCatalog | null;
  onChange(text: string): void;
  onApply(text: string): void;
  /** False: there was nothing to restore, the key goes on. */
  onRestore(): boolean;
  onHistory(step: 1 | -1): boolean;
  onHistoryList(): void;
  onFocus(isFocused: boolean): void;
  /** The list of completions came or went. */
  onCompletion(isOpen: boolean): void;
  /** Values of a field in the capture that is open; null where there is none. */
  valuesOf(field: string): Promise<OfferedValues | null>;
  /** What stands beside such a value, and over the two groups of the list. */
  valueDetail(value: OfferedValue, isLeast: boolean): string;
  readonly groupTitle: (group: 'capture' | 'language') => string;
  /** Text for a kind of completion, in the user's language. */
  detailOf(option: { readonly kind: string; readonly detail: string; readonly typeKey: string | undefined }): string;
}

export interface FilterEditor {
  readonly view: EditorView;
  setText(text: string): void;
  setWords(label: string, hint: string): void;
  markProblem(place: Place | null): void;
  /** Shows parts of the text as switched off. */
  markOff(places: readonly Place[]): void;
  /** Colours again, once the catalogue is known. */
  recolour(): void;
  /** Left edge of a place in the text, in pixels from the editor's own left edge. */
  leftOf(at: number): number;
  destroy(): void;
}

const setProblem = StateEffect.define<Place | null>();
const recolour = StateEffect.define<null>();
const setOff = StateEffect.define<readonly Place[]>();

export function makeFilterEditor(parent: HTMLElement, text: string, host: EditorHost): FilterEditor {
  const words = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(cspNonce()),
        oneLine,
        replaceByHand,
        history(),
        colours(host),
        problemField,
        offField,
        words.of([]),
        completion(host),
        tooltips({ position: 'fixed', parent: document.body }),
        Prec.high(keymap.of(keys(host))),
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) host.onChange(update.state.doc.toString());
          if (update.focusChanged) host.onFocus(update.view.hasFocus);
          const isOpen = completionStatus(update.state) === 'active';
          if (isOpen !== (completionStatus(update.startState) === 'active')) host.onCompletion(isOpen);
        }),
        EditorView.contentAttributes.of((own) => ({
          role: 'combobox',
          'aria-multiline': 'false',
          'aria-autocomplete': 'list',
          'aria-haspopup': 'listbox',
          'aria-expanded': String(completionStatus(own.state) === 'active'),
          'aria-invalid': String(own.state.field(problemField).size > 0),
          spellcheck: 'false',
          autocapitalize: 'off',
          autocorrect: 'off',
          'data-pane-focus': '',
        })),
      ],
    }),
  });
  return {
    view,
    setText: (next) => {
      if (view.state.doc.toString() === next) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: next },
        selection: { anchor: next.length },
        annotations: Transaction.userEvent.of('set'),
      });
    },
    setWords: (label, hint) =>
      view.dispatch({
        effects: words.reconfigure([placeholder(hint), EditorView.contentAttributes.of({ 'aria-label': label })]),
      }),
    markProblem: (place) => view.dispatch({ effects: setProblem.of(place) }),
    markOff: (places) => view.dispatch({ effects: setOff.of(places) }),
    recolour: () => view.dispatch({ effects: recolour.of(null) }),
    leftOf: (at) => {
      const place = view.coordsAtPos(Math.min(at, view.state.doc.length));
      return place === null ? 0 : place.left - view.dom.getBoundingClientRect().left;
    },
    destroy: () => view.destroy(),
  };
}

/** Pasted lines become one: a line end is a blank to the filter's grammar. */
const oneLine: Extension = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, ' ');
  return [
    {
      changes: { from: 0, to: transaction.startState.doc.length, insert: text },
      selection: { anchor: Math.min(text.length, transaction.newSelection.main.head) },
    },
  ];
});

/**
 * Text typed over a selection is put in by us: Chromium would carry the colours of what it replaces into the new text as a
 * style attribute, which the content security policy refuses (and reports).
 */
const replaceByHand: Extension = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== 'insertText' || event.isComposing || event.data === null) return false;
    // The document's selection: the editor may not have heard of the newest one yet.
    const selection = document.getSelection();
    if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return false;
    const place = selection.getRangeAt(0);
    if (!view.contentDOM.contains(place.commonAncestorContainer)) return false;
    const from = view.posAtDOM(place.startContainer, place.startOffset);
    const to = view.posAtDOM(place.endContainer, place.endOffset);
    event.preventDefault();
    view.dispatch({
      changes: { from, to, insert: event.data },
      selection: { anchor: from + event.data.length },
      userEvent: 'input.type',
      scrollIntoView: true,
    });
    // What is typed next goes where the document's caret is: it must not stay behind until the editor has looked again.
    const caret = view.domAtPos(from + event.data.length);
    selection.collapse(caret.node, caret.offset);
    return true;
  },
});

function colours(host: EditorHost): Extension {
  const read = (state: EditorState): DecorationSet => {
    const catalog = host.catalog() ?? undefined;
    const pieces = highlightFilter(state.doc.toString(), catalog);
    return Decoration.set(
      pieces
        .filter((piece) => piece.end > piece.start)
        .map((piece) => Decoration.mark({ class: styles[`is-${piece.kind}`] ?? '' }).range(piece.start, piece.end)),
    );
  };
  return StateField.define<DecorationSet>({
    create: read,
    update: (decorations, transaction) =>
      transaction.docChanged || transaction.effects.some((effect) => effect.is(recolour))
        ? read(transaction.state)
        : decorations,
    provide: (field) => EditorView.decorations.from(field),
  });
}

const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (decorations, transaction) => {
    for (const effect of transaction.effects) {
      if (effect.is(setProblem)) return problemMark(transaction.state.doc.length, effect.value);
    }
    return transaction.docChanged ? Decoration.none : decorations;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const offField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (decorations, transaction) => {
    for (const effect of transaction.effects) {
      if (effect.is(setOff)) {
        const { length } = transaction.state.doc;
        const inside = effect.value.filter(({ start, end }) => start < end && end <= length);
        return Decoration.set(
          inside.map(({ start, end }) => Decoration.mark({ class: styles.off ?? '' }).range(start, end)),
        );
      }
    }
    return transaction.docChanged ? Decoration.none : decorations;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** A place behind the end (something is missing there) is shown on the last character. */
function problemMark(length: number, place: Place | null): DecorationSet {
  if (place === null || length === 0) return Decoration.none;
  const start = Math.min(place.start, length - 1);
  const end = Math.min(length, Math.max(place.end, start + 1));
  return Decoration.set([Decoration.mark({ class: styles.underlined ?? '' }).range(start, end)]);
}

function completion(host: EditorHost): Extension {
  return autocompletion({
    override: [(context) => source(host, context), (context) => valueSource(host, context)],
    activateOnTyping: true,
    selectOnOpen: false,
    interactionDelay: 0,
    icons: false,
    maxRenderedOptions: 100,
    defaultKeymap: false,
    tooltipClass: () => styles.completions ?? '',
    optionClass: (option) => styles[`option-${option.type ?? ''}`] ?? '',
  });
}

function source(host: EditorHost, context: CompletionContext): CompletionResult | null {
  const catalog = host.catalog();
  if (catalog === null) return null;
  const found = completeFilter(context.state.doc.toString(), context.pos, catalog);
  const { from, to, options, isComplete, valuesOf } = found;
  const typed = context.state.sliceDoc(from, context.pos);
  // While typing, only a begun word is completed: an empty place offers its list when asked (Ctrl+Space).
  if (!context.explicit && typed === '') return null;
  if (options.length === 0 || (options.length === 1 && options[0]?.text === typed)) return null;
  const section = valuesOf === undefined ? {} : { section: { name: host.groupTitle('language'), rank: 1 } };
  return {
    from,
    to,
    filter: false,
    ...(isComplete ? {} : { update: () => null }),
    options: options.map(
      (option): Completion => ({
        label: option.text,
        type: option.kind,
        detail: host.detailOf(option),
        ...section,
        apply: inserting(option.text, option.kind === 'field' || option.kind === 'protocol'),
      }),
    ),
  };
}

/** Values that occur in this capture, with the number of packets that have them. */
async function valueSource(host: EditorHost, context: CompletionContext): Promise<CompletionResult | null> {
  const catalog = host.catalog();
  if (catalog === null) return null;
  const { from, to, valuesOf } = completeFilter(context.state.doc.toString(), context.pos, catalog);
  if (valuesOf === undefined) return null;
  const found = await host.valuesOf(valuesOf.abbrev);
  if (found === null || context.aborted) return null;
  const typed = context.state.sliceDoc(from, context.pos);
  const values = fittingValues(found.values, typed);
  if (values.length === 0 || (values.length === 1 && values[0]?.text === typed)) return null;
  const isLeast = found.looked < found.candidates;
  return {
    from,
    to,
    filter: false,
    update: () => null,
    options: values.map(
      (value): Completion => ({
        label: value.text,
        type: 'value',
        detail: host.valueDetail(value, isLeast),
        section: { name: host.groupTitle('capture'), rank: 0 },
        apply: inserting(value.text, false),
      }),
    ),
  };
}

/** Puts a text in place of what is typed, with a blank behind it where something must follow. */
function inserting(text: string, isOpen: boolean): NonNullable<Completion['apply']> {
  return (view: EditorView, _completion: Completion, start: number, end: number) => {
    const next = view.state.sliceDoc(end, end + 1);
    const hasBlank = next === ' ' || next === ')' || next === ',' || next === '}' || /[({]$/.test(text);
    const insert = text + (hasBlank || isOpen ? '' : ' ');
    view.dispatch({
      changes: { from: start, to: end, insert },
      selection: { anchor: start + insert.length },
      userEvent: 'input.complete',
    });
  };
}

function keys(host: EditorHost): readonly KeyBinding[] {
  const isOpen = (view: EditorView): boolean => completionStatus(view.state) === 'active';
  return [
    {
      key: 'Enter',
      run: (view) => {
        // An option is taken only when it was gone to: typing on and Enter applies what was typed.
        if (isOpen(view) && selectedCompletion(view.state) !== null && acceptCompletion(view)) return true;
        closeCompletion(view);
        host.onApply(view.state.doc.toString());
        return true;
      },
    },
    {
      key: 'Tab',
      run: (view) => {
        if (!isOpen(view)) return false;
        if (selectedCompletion(view.state) === null) moveCompletionSelection(true)(view);
        return acceptCompletion(view);
      },
    },
    { key: 'Escape', run: (view) => closeCompletion(view) || host.onRestore() },
    {
      key: 'Alt-ArrowDown',
      run: (view) => {
        closeCompletion(view);
        host.onHistoryList();
        return true;
      },
    },
    { key: 'ArrowUp', run: (view) => !isOpen(view) && host.onHistory(1) },
    { key: 'ArrowDown', run: (view) => !isOpen(view) && host.onHistory(-1) },
    { key: 'Ctrl-Space', run: startCompletion },
  ];
}
