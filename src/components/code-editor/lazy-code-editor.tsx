import { Skeleton } from '@mantine/core'
import { lazy, Suspense } from 'react'
import type { CodeEditorProps } from './code-editor'

const CodeEditor = lazy(() => import('./code-editor'))

/** The editor, fetched when one is first shown. */
export function LazyCodeEditor(props: CodeEditorProps) {
  return (
    <Suspense fallback={<EditorSkeleton />}>
      <CodeEditor {...props} />
    </Suspense>
  )
}

function EditorSkeleton() {
  return (
    <div style={{ padding: 16 }} aria-busy>
      {[60, 82, 48, 70, 36].map((width) => (
        <Skeleton key={width} height={10} width={`${width}%`} mb={10} />
      ))}
    </div>
  )
}
