import type { PipelineFile } from '@/domain/pipeline/project'

const FOLDER = '/src/pipelines/retail/'

/** The built-in pipeline's files, as text, in the bundle. */
const files = import.meta.glob<string>('/src/pipelines/retail/**/*.{sql,yml}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

export const retailPipeline: readonly PipelineFile[] = Object.entries(files).map(([path, text]) => ({
  path: path.slice(FOLDER.length),
  text,
}))
