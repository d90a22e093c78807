import { monaco } from './monaco'

/** The texts that one editor shows in turn: each keeps its undo history, cursor and scroll position while another is shown. */
export class Documents {
  readonly #models = new Map<string, monaco.editor.ITextModel>()
  readonly #views = new Map<string, monaco.editor.ICodeEditorViewState>()
  #shown: string | null = null

  show(editor: monaco.editor.IStandaloneCodeEditor, id: string, text: string): void {
    if (this.#shown === id) return
    const view = editor.saveViewState()
    if (this.#shown !== null && view) this.#views.set(this.#shown, view)
    const model = this.#models.get(id) ?? monaco.editor.createModel(text, 'sql')
    this.#models.set(id, model)
    this.#shown = id
    editor.setModel(model)
    editor.restoreViewState(this.#views.get(id) ?? null)
  }

  /** Frees the texts that are not among these. */
  keep(ids: Iterable<string>): void {
    const kept = new Set(ids)
    for (const [id, model] of this.#models) {
      if (kept.has(id) || id === this.#shown) continue
      model.dispose()
      this.#models.delete(id)
      this.#views.delete(id)
    }
  }

  dispose(): void {
    for (const model of this.#models.values()) model.dispose()
  }
}
