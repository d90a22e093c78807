import { useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { statementAt } from '@/domain/sql/statement-at'
import type { CompletionTable, EditorDialect } from './completion'
import { Documents } from './documents'
import { provideLanguageFeatures } from './language-features'
import { type CodeMarker, showMarkers } from './markers'
import { monaco } from './monaco'

/** What the user wants to run, and where it begins in the text (1-based). */
export interface SubmittedCode {
  text: string
  line: number
  column: number
}

/** What can be done with the editor from beside it. */
export interface CodeEditorHandle {
  /** Puts text at the cursor. */
  insert(text: string): void
  /** The same as Ctrl/Cmd-Enter. */
  submit(): void
}

export interface CodeEditorProps {
  label: string
  value: string
  /** Which of several texts the value is: each keeps its own undo history and cursor. */
  documentId?: string
  /** All of these texts, so that those of others can be forgotten. */
  documentIds?: readonly string[]
  readOnly?: boolean
  onChange?: (value: string) => void
  /** Ctrl/Cmd-Enter: the selected text, else the statement at the cursor. */
  onSubmit?: (code: SubmittedCode) => void
  markers?: CodeMarker[]
  tables?: CompletionTable[]
  dialect?: EditorDialect
  onReady?: (handle: CodeEditorHandle) => void
}

/** SQL in Monaco. Loaded lazily: import it through LazyCodeEditor. */
export default function CodeEditor(props: CodeEditorProps) {
  const { value, documentId = '', documentIds, readOnly = false, markers } = props
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null)
  const documents = useRef<Documents>(null)
  const latest = useRef(props)
  latest.current = props
  const dark = useIsDark()

  useEffect(() => {
    if (!host.current) return
    const { label, readOnly = false } = latest.current
    const created = monaco.editor.create(host.current, { ...options, model: null, readOnly, ariaLabel: label })
    const shown = new Documents()
    editor.current = created
    documents.current = shown
    const submit = () => {
      const code = submittedCode(created)
      if (code) latest.current.onSubmit?.(code)
    }
    const disposables = [
      created.onDidChangeModelContent(() => latest.current.onChange?.(created.getValue())),
      created.addAction({
        id: 'submit',
        label: 'Run',
        keybindings: [monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter],
        run: submit,
      }),
    ]
    const withdraw = provideLanguageFeatures((model) => {
      const { tables, dialect = 'databricks' } = latest.current
      return model !== created.getModel() || tables === undefined ? null : { tables, dialect }
    })
    latest.current.onReady?.({
      insert(text) {
        const selection = created.getSelection()
        if (!selection) return
        created.executeEdits('insert', [{ range: selection, text, forceMoveMarkers: true }])
        created.focus()
      },
      submit,
    })
    return () => {
      for (const disposable of disposables) disposable.dispose()
      withdraw()
      created.dispose()
      shown.dispose()
      editor.current = null
      documents.current = null
    }
  }, [])

  useEffect(() => {
    if (editor.current) documents.current?.show(editor.current, documentId, latest.current.value)
    documents.current?.keep(documentIds ?? [documentId])
  }, [documentId, documentIds])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another document has a text of its own to compare with
  useEffect(() => {
    if (editor.current) replaceText(editor.current, value, readOnly)
  }, [value, documentId, readOnly])

  useEffect(
    () => editor.current?.updateOptions({ readOnly, renderLineHighlight: readOnly ? 'none' : 'line' }),
    [readOnly],
  )
  useEffect(() => monaco.editor.setTheme(dark ? 'goldsmith-dark' : 'goldsmith-light'), [dark])

  // biome-ignore lint/correctness/useExhaustiveDependencies: markers belong to the document that is shown
  useEffect(() => {
    if (editor.current) showMarkers(editor.current, markers ?? [])
  }, [markers, documentId])

  return <div ref={host} style={{ width: '100%', height: '100%' }} />
}

const options = {
  automaticLayout: true,
  minimap: { enabled: false },
  fontFamily: "'JetBrains Mono Variable', monospace",
  fontSize: 12.5,
  lineHeight: 20,
  lineNumbersMinChars: 3,
  folding: true,
  glyphMargin: false,
  scrollBeyondLastLine: false,
  overviewRulerLanes: 0,
  padding: { top: 10, bottom: 10 },
  tabSize: 2,
  wordBasedSuggestions: 'off',
  suggest: { showWords: false },
  // The editor's own fixed-position pop-ups are not cut off by a panel's edge.
  fixedOverflowWidgets: true,
  scrollbar: { alwaysConsumeMouseWheel: false },
} satisfies monaco.editor.IStandaloneEditorConstructionOptions

/** Text from outside takes the place of what is there; where it can be edited, Undo brings that back. */
function replaceText(editor: monaco.editor.IStandaloneCodeEditor, text: string, readOnly: boolean): void {
  const model = editor.getModel()
  if (!model || model.getValue() === text) return
  if (readOnly) model.setValue(text)
  else {
    model.pushStackElement()
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null)
    model.pushStackElement()
  }
  editor.setScrollTop(0)
}

function useIsDark(): boolean {
  const { colorScheme } = useMantineColorScheme()
  const system = useColorScheme()
  return (colorScheme === 'auto' ? system : colorScheme) === 'dark'
}

function submittedCode(editor: monaco.editor.IStandaloneCodeEditor): SubmittedCode | null {
  const model = editor.getModel()
  const selection = editor.getSelection()
  if (!model || !selection) return null
  const selected = model.getValueInRange(selection)
  if (selected.trim() !== '') {
    return { text: selected, line: selection.startLineNumber, column: selection.startColumn }
  }
  const text = model.getValue()
  const span = statementAt(text, model.getOffsetAt(selection.getPosition()))
  if (!span) return null
  const { lineNumber, column } = model.getPositionAt(span.start)
  return { text: text.slice(span.start, span.end), line: lineNumber, column }
}
