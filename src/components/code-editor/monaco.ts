/** Monaco with one language and the features that this page uses; everything is bundled, nothing comes from elsewhere. */
import 'monaco-editor/features/bracketMatching/register'
import 'monaco-editor/features/caretOperations/register'
import 'monaco-editor/features/clipboard/register'
import 'monaco-editor/features/codicon/register'
import 'monaco-editor/features/comment/register'
import 'monaco-editor/features/contextmenu/register'
import 'monaco-editor/features/cursorUndo/register'
import 'monaco-editor/features/find/register'
import 'monaco-editor/features/folding/register'
import 'monaco-editor/features/hover/register'
import 'monaco-editor/features/indentation/register'
import 'monaco-editor/features/linesOperations/register'
import 'monaco-editor/features/multicursor/register'
import 'monaco-editor/features/parameterHints/register'
import 'monaco-editor/features/suggest/register'
import 'monaco-editor/features/wordOperations/register'
// The suggest feature above registers inline suggestions only; the list of completions is a part of its own.
import 'monaco-editor/editor/contrib/suggest/browser/suggestController'
import 'monaco-editor/languages/definitions/sql/register'
import * as monaco from 'monaco-editor/editor'
import EditorWorker from 'monaco-editor/editor/editor.worker?worker'

self.MonacoEnvironment = { getWorker: () => new EditorWorker() }

// Ctrl/Cmd-K is the page's palette: the editor would take it for the first key of its own chords.
monaco.editor.addKeybindingRule({ keybinding: monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyK, command: null })

for (const [name, base, colors] of [
  [
    'goldsmith-light',
    'vs',
    {
      background: '#ffffff',
      line: '#f7f7f5',
      comment: '6b675f',
      keyword: '8f6300',
      string: '17723e',
      number: '00639b',
      text: '#1b1a17',
      widget: '#ffffff',
      border: '#e6e4df',
      selected: '#fbf3dd',
      accent: '#8f6300',
    },
  ],
  [
    'goldsmith-dark',
    'vs-dark',
    {
      background: '#1a1917',
      line: '#211f1c',
      comment: 'a39d92',
      keyword: 'e2b44a',
      string: '5cc98a',
      number: '6fb6e6',
      text: '#efece6',
      widget: '#211f1c',
      border: '#2e2b28',
      selected: '#2c2414',
      accent: '#e2b44a',
    },
  ],
] as const) {
  monaco.editor.defineTheme(name, {
    base,
    inherit: true,
    rules: [
      { token: 'comment', foreground: colors.comment },
      { token: 'keyword', foreground: colors.keyword },
      { token: 'operator.sql', foreground: colors.keyword },
      { token: 'predefined.sql', foreground: colors.number },
      { token: 'string.sql', foreground: colors.string },
      { token: 'number', foreground: colors.number },
    ],
    colors: {
      'editor.background': colors.background,
      'editorGutter.background': colors.background,
      'editor.lineHighlightBackground': colors.line,
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': colors.widget,
      'editorWidget.border': colors.border,
      'editorSuggestWidget.background': colors.widget,
      'editorSuggestWidget.border': colors.border,
      'editorSuggestWidget.foreground': colors.text,
      'editorSuggestWidget.selectedBackground': colors.selected,
      'editorSuggestWidget.selectedForeground': colors.text,
      'editorSuggestWidget.selectedIconForeground': colors.text,
      'editorSuggestWidget.highlightForeground': colors.accent,
      'editorSuggestWidget.focusHighlightForeground': colors.accent,
      'editorHoverWidget.background': colors.widget,
      'editorHoverWidget.border': colors.border,
      focusBorder: colors.accent,
      'sash.hoverBorder': colors.border,
    },
  })
}

export { monaco }
