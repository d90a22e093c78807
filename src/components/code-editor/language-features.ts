import { signatureOf } from '@/domain/sql/functions'
import { statementAt } from '@/domain/sql/statement-at'
import { type CompletionEntry, type CompletionTable, completionsAt, type EditorDialect } from './completion'
import { callAt, explain } from './explain'
import { monaco } from './monaco'

export interface LanguageContext {
  tables: CompletionTable[]
  dialect: EditorDialect
}

/**
 * Completion, hover and parameter hints for one editor. Monaco's providers serve a language, not an editor: `contextOf`
 * gives null for the text of another editor. Returns what takes them away again.
 */
export function provideLanguageFeatures(
  contextOf: (model: monaco.editor.ITextModel) => LanguageContext | null,
): () => void {
  const registered = [
    monaco.languages.registerCompletionItemProvider('sql', {
      triggerCharacters: ['.'],
      provideCompletionItems(model, position) {
        const context = contextOf(model)
        return { suggestions: context ? suggestionsAt(model, position, context) : [] }
      },
    }),
    monaco.languages.registerHoverProvider('sql', {
      provideHover(model, position) {
        const context = contextOf(model)
        return context && hoverAt(model, position, context)
      },
    }),
    monaco.languages.registerSignatureHelpProvider('sql', {
      signatureHelpTriggerCharacters: ['(', ','],
      provideSignatureHelp(model, position) {
        return contextOf(model) && signatureHelpAt(model, position)
      },
    }),
  ]
  return () => {
    for (const registration of registered) registration.dispose()
  }
}

function statementOf(model: monaco.editor.ITextModel, position: monaco.Position): string {
  const text = model.getValue()
  const span = statementAt(text, model.getOffsetAt(position))
  return span ? text.slice(span.start, span.end) : text
}

function textBefore(model: monaco.editor.ITextModel, { lineNumber, column }: monaco.Position): string {
  return model.getValueInRange(new monaco.Range(1, 1, lineNumber, column))
}

function suggestionsAt(
  model: monaco.editor.ITextModel,
  position: monaco.Position,
  { tables, dialect }: LanguageContext,
): monaco.languages.CompletionItem[] {
  const word = model.getWordUntilPosition(position)
  const { lineNumber } = position
  const range = new monaco.Range(lineNumber, word.startColumn, lineNumber, word.endColumn)
  const entries = completionsAt(tables, statementOf(model, position), textBefore(model, position), dialect)
  return entries.map((entry) => ({
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
  function: monaco.languages.CompletionItemKind.Function,
  keyword: monaco.languages.CompletionItemKind.Keyword,
}

function hoverAt(
  model: monaco.editor.ITextModel,
  position: monaco.Position,
  { tables }: LanguageContext,
): monaco.languages.Hover | null {
  const word = model.getWordAtPosition(position)
  if (!word) return null
  const line = model.getLineContent(position.lineNumber)
  const qualifier = /(\w+)`?\.`?$/.exec(line.slice(0, word.startColumn - 1))?.[1] ?? null
  const called = /^\s*\(/.test(line.slice(word.endColumn - 1))
  const found = explain(tables, statementOf(model, position), { word: word.word, qualifier, called })
  if (found.length === 0) return null
  return {
    range: new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, word.endColumn),
    contents: found.flatMap(({ code, text }) => [
      { value: fenced(code) },
      ...(text === null ? [] : [{ value: asPlainMarkdown(text) }]),
    ]),
  }
}

/** Names and comments out of files are text, whatever Markdown they hold. */
function asPlainMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!<>|~&]/g, '\\$&')
}

function fenced(code: string): string {
  const longest = Math.max(2, ...Array.from(code.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sql\n${code.replaceAll(/\s+/g, ' ')}\n${fence}`
}

function signatureHelpAt(
  model: monaco.editor.ITextModel,
  position: monaco.Position,
): monaco.languages.SignatureHelpResult | null {
  const call = callAt(textBefore(model, position))
  if (!call) return null
  const { called, argument } = call
  let offset = called.name.length + '('.length
  const parameters = called.parameters.map((written) => {
    const start = offset
    offset += written.length + ', '.length
    return { label: [start, start + written.length] satisfies [number, number] }
  })
  return {
    value: {
      signatures: [{ label: signatureOf(called), documentation: called.summary, parameters }],
      activeSignature: 0,
      // The last parameter of a function that takes any number is "…".
      activeParameter: Math.min(argument, Math.max(0, parameters.length - 1)),
    },
    dispose: () => undefined,
  }
}
