/**
 * The editor of JSON and of contracts, loaded when it is first looked at. CodeMirror 6 in a shadow root of its own, because only there does
 * it use constructable style sheets, which the page's security policy allows.
 */
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentUnit, StreamLanguage, syntaxHighlighting, type StreamParser } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Prec, Transaction, type Extension, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Diagnostic } from "../engine/types.ts";
import { difference } from "../state/history.ts";
import { editor as words } from "../text/page.ts";
import { phrases } from "../text/phrases.ts";
import { undoneByKey, undoneByMenu, type Undoing } from "./undoing.ts";

/** What the page needs of an editor. */
export interface Editor {
  /** Replaces the text where it differs, as one step that can be undone. */
  setText(text: string): void;
  setDiagnostics(diagnostics: readonly Diagnostic[]): void;
  /** Puts the cursor there and scrolls to it. */
  goTo(line: number, column: number): void;
  focus(): void;
}

/**
 * Makes an editor in `host`, with the text and the selection of the plain text field that it replaces. With `undoing` it keeps no
 * history: two of the same text would contradict each other.
 */
export function createEditor(
  host: HTMLElement,
  start: { text: string; selection: readonly [number, number]; focused: boolean; language?: Extension; label?: string; undoing?: Undoing },
  onChange: (text: string) => void,
  onRun: () => void,
): Editor {
  const root = host.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: start.text,
      selection: { anchor: start.selection[0], head: start.selection[1] },
      extensions: [
        keymap.of([{ key: "Mod-Enter", run: () => (onRun(), true) }]),
        EditorState.phrases.of(phrases),
        lineNumbers(),
        lintGutter(),
        start.undoing ? undoneBy(start.undoing) : [history(), keymap.of(historyKeymap)],
        drawSelection(),
        highlightSpecialChars(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        bracketMatching(),
        indentUnit.of("  "),
        // Tab leaves the editor, as it leaves every other field.
        keymap.of([...defaultKeymap, ...searchKeymap, ...lintKeymap]),
        start.language ?? StreamLanguage.define(jsonWithComments),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({ "aria-label": start.label ?? words.label, tabindex: "0", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((t) => t.annotation(Transaction.remote))) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
  if (start.focused) view.focus();
  return {
    setText(text) {
      // The editor has ends of lines of its own.
      const { from, removed, inserted } = difference(view.state.doc.toString(), text.replace(/\r\n?/g, "\n"));
      if (removed === inserted) return;
      const changes = { from, to: from + removed.length, insert: inserted };
      // Whoever works here and undoes something sees what comes of it.
      const shown = view.hasFocus ? { selection: { anchor: from + inserted.length }, scrollIntoView: true } : {};
      // A paste of a moment ago is a step of its own.
      view.dispatch({ changes, ...shown, annotations: [Transaction.remote.of(true), isolateHistory.of("full")] });
    },
    setDiagnostics(diagnostics) {
      const { doc } = view.state;
      const list = diagnostics.map((d) => {
        const from = offset(doc, d.line, d.column);
        const to = Math.max(from, offset(doc, d.endLine, d.endColumn));
        return { from, to, severity: d.severity, message: d.hint ? `${d.message}; ${d.hint}` : d.message };
      });
      view.dispatch(setDiagnostics(view.state, list));
    },
    goTo(line, column) {
      const at = offset(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
      view.focus();
    },
    focus: () => view.focus(),
  };
}

/** Undone elsewhere, by the same keys and menus. */
function undoneBy(undoing: Undoing): Extension {
  return Prec.high(EditorView.domEventHandlers({ keydown: (event) => undoneByKey(event, undoing), beforeinput: (event) => undoneByMenu(event, undoing) }));
}

/** Lines and columns count from 1, columns in UTF-16 code units as CodeMirror counts. */
function offset(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)));
  return Math.min(at.from + Math.max(0, column - 1), at.to);
}

interface Reading {
  inComment: boolean;
  depth: number;
}

/** JSON as the engine reads it: with comments of both kinds. Colours and indentation only; the engine finds the errors. */
const jsonWithComments: StreamParser<Reading> = {
  name: "json-with-comments",
  startState: () => ({ inComment: false, depth: 0 }),
  token(stream, state) {
    if (state.inComment) {
      state.inComment = !stream.skipTo("*/");
      if (state.inComment) stream.skipToEnd();
      else stream.match("*/");
      return "comment";
    }
    if (stream.eatSpace()) return null;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    if (stream.match("/*")) {
      state.inComment = true;
      return "comment";
    }
    if (stream.match(/^"(?:[^"\\]|\\.)*"(?=\s*:)/)) return "propertyName";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(/^-?\d[\d.eE+-]*/)) return "number";
    if (stream.match(/^(?:true|false|null)\b/)) return "atom";
    const next = stream.next();
    if (next === "{" || next === "[") state.depth++;
    if (next === "}" || next === "]") state.depth = Math.max(0, state.depth - 1);
    return "punctuation";
  },
  indent: (state, after, context) => Math.max(0, state.depth - (/^\s*[}\]]/.test(after) ? 1 : 0)) * context.unit,
  languageData: { commentTokens: { line: "//", block: { open: "/*", close: "*/" } }, closeBrackets: { brackets: ["{", "[", '"'] } },
};

const colours = HighlightStyle.define([
  { tag: tags.comment, color: "var(--ink-2)", fontStyle: "italic" },
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: tags.atom, color: "var(--code-number)" },
  { tag: [tags.punctuation, tags.operator], color: "var(--ink-2)" },
  { tag: [tags.keyword, tags.typeName], color: "var(--code-number)" },
]);

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--surface)", fontSize: "12.5px" },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--ink-2)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--sunken)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--selected)" },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--aborted)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--blocked)" },
});
