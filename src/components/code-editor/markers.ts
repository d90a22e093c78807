import { monaco } from './monaco'
import { nameAt } from './name-at'

export interface CodeMarker {
  message: string
  /** 1-based. */
  line: number
  column: number
}

/** Underlines what is wrong, and shows the first of it. */
export function showMarkers(editor: monaco.editor.IStandaloneCodeEditor, markers: readonly CodeMarker[]): void {
  const model = editor.getModel()
  if (!model) return
  const data = markers.map(({ message, line, column }) => {
    const startLineNumber = Math.min(line, model.getLineCount())
    const [startColumn, endColumn] = nameAt(model.getLineContent(startLineNumber), column)
    return {
      severity: monaco.MarkerSeverity.Error,
      message,
      startLineNumber,
      endLineNumber: startLineNumber,
      startColumn,
      endColumn,
    }
  })
  monaco.editor.setModelMarkers(model, 'engine', data)
  const first = data[0]
  if (first) editor.revealLineInCenterIfOutsideViewport(first.startLineNumber)
}
