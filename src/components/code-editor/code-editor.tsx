import { useMantineColorScheme } from '@mantine/core'
import { useColorScheme } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { type CompletionEntry, type CompletionTable, completionsAt } from './completion'
import { monaco } from './monaco'

export interface CodeMarker {
  message: string
  /** 1-based. */
  line: number
  column: number
}

export interface CodeEditorProps {
  label: string
  value: string
  readOnly?: boolean
  onChange?: (value: string) => void
  /** Ctrl/Cmd-Enter: the selected text, else all of it. */
  onSubmit?: (text: string) => void
  markers?: CodeMarker[]
  tables?: CompletionTable[]
  /** Receives a function that puts text at the cursor. */
  onReady?: (insert: (text: string) => void) => void
}

/** SQL in Monaco. Loaded lazily: import it through LazyCodeEditor. */
export default function CodeEditor(props: CodeEditorProps) {
  const { value, readOnly = false, markers } = props
  const host = useRef<HTMLDivElement>(null)
  const editor = useRef<monaco.editor.IStandaloneCodeEditor>(null)
  const latest = useRef(props)
  latest.current = props
  const dark = useIsDark()

  useEffect(() => {
    if (!host.current) return
    const { label, readOnly = false, value } = latest.current
    const created = monaco.editor.create(host.current, {
      value,
      language: 'sql',
      readOnly,
      ariaLabel: label,
      automaticLayout: true,
      minimap: { enabled: false },
      fontFamily: "'JetBrains Mono Variable', monospace",
      fontSize: 12.5,
      lineHeight: 20,
      lineNumbersMinChars: 3,
      folding: true,
      glyphMargin: false,
      scrollBeyondLastLine: false,
      renderLineHighlight: readOnly ? 'none' : 'line',
      overviewRulerLanes: 0,
      padding: { top: 10, bottom: 10 },
      tabSize: 2,
      wordBasedSuggestions: 'off',
      suggest: { showWords: false },
      // The editor's own fixed-position pop-ups are not cut off by a panel's edge.
      fixedOverflowWidgets: true,
      scrollbar: { alwaysConsumeMouseWheel: false },
    })
    editor.current = created
    const change = created.onDidChangeModelContent(() => latest.current.onChange?.(created.getValue()))
    created.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, () => {
      latest.current.onSubmit?.(selectedText(created))
    })
    const model = created.getModel()
    const completion = monaco.languages.registerCompletionItemProvider('sql', {
      triggerCharacters: ['.'],
      provideCompletionItems(target, position) {
        const tables = latest.current.tables
        // The provider serves the language; each editor answers for its own text only.
        if (target !== model || tables === undefined) return { suggestions: [] }
        return { suggestions: suggestionsAt(target, position, tables) }
      },
    })
    latest.current.onReady?.((text) => {
      const selection = created.getSelection()
      if (!selection) return
      created.executeEdits('insert', [{ range: selection, text, forceMoveMarkers: true }])
      created.focus()
    })
    return () => {
      change.dispose()
      completion.dispose()
      created.getModel()?.dispose()
      created.dispose()
      editor.current = null
    }
  }, [])

  useEffect(() => {
    const current = editor.current
    if (current && current.getValue() !== value) {
      current.setValue(value)
      current.setScrollTop(0)
    }
  }, [value])

  useEffect(() => editor.current?.updateOptions({ readOnly }), [readOnly])
  useEffect(() => monaco.editor.setTheme(dark ? 'goldsmith-dark' : 'goldsmith-light'), [dark])

  useEffect(() => {
    const model = editor.current?.getModel()
    if (!model) return
    const data = (markers ?? []).map(({ message, line, column }) => {
      const startLineNumber = Math.min(line, model.getLineCount())
      const word = model.getWordAtPosition({ lineNumber: startLineNumber, column })
      return {
        severity: monaco.MarkerSeverity.Error,
        message,
        startLineNumber,
        endLineNumber: startLineNumber,
        startColumn: word?.startColumn ?? column,
        endColumn: word?.endColumn ?? column + 1,
      }
    })
    monaco.editor.setModelMarkers(model, 'engine', data)
    const first = data[0]
    if (first) editor.current?.revealLineInCenterIfOutsideViewport(first.startLineNumber)
  }, [markers])

  return <div ref={host} style={{ width: '100%', height: '100%' }} />
}

function useIsDark(): boolean {
  const { colorScheme } = useMantineColorScheme()
  const system = useColorScheme()
  return (colorScheme === 'auto' ? system : colorScheme) === 'dark'
}

function selectedText(editor: monaco.editor.IStandaloneCodeEditor): string {
  const selection = editor.getSelection()
  const text = selection ? (editor.getModel()?.getValueInRange(selection) ?? '') : ''
  return text.trim() === '' ? editor.getValue() : text
}

function suggestionsAt(
  model: monaco.editor.ITextModel,
  position: monaco.Position,
  tables: CompletionTable[],
): monaco.languages.CompletionItem[] {
  const word = model.getWordUntilPosition(position)
  const { lineNumber } = position
  const range = new monaco.Range(lineNumber, word.startColumn, lineNumber, word.endColumn)
  const before = model.getValueInRange(new monaco.Range(1, 1, lineNumber, position.column))
  return completionsAt(tables, model.getValue(), before).map((entry) => ({
    label: entry.label,
    insertText: entry.insert,
    detail: entry.detail,
    ...(entry.comment === null ? {} : { documentation: entry.comment }),
    kind: kinds[entry.kind],
    sortText: `${entry.rank}${entry.label}`,
    range,
  }))
}

const kinds: Record<CompletionEntry['kind'], monaco.languages.CompletionItemKind> = {
  table: monaco.languages.CompletionItemKind.Struct,
  column: monaco.languages.CompletionItemKind.Field,
  keyword: monaco.languages.CompletionItemKind.Keyword,
}
