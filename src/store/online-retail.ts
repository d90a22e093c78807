import { GoldsmithError } from '@/domain/errors'
import type { InputFile } from '@/rpc/contract'
import type { Environment } from './environment'

/** The real data set that is shipped with the page; sizes are those of the shipped files. */
export const onlineRetail = {
  orderLines: 541_909,
  files: [
    { name: 'orders.parquet', bytes: 2_507_134 },
    { name: 'customers.parquet', bytes: 60_625 },
    { name: 'products.parquet', bytes: 57_809 },
    { name: 'dates.parquet', bytes: 3_204 },
  ],
  citation: 'Chen, D. (2015). Online Retail. UCI Machine Learning Repository.',
  doi: '10.24432/C5BW33',
  license: 'CC BY 4.0',
  changes: 'mapped to the Silver schema',
}

/** Fetches the files from this page's own folder, telling how many bytes have come. Rejects with `sample.unavailable`. */
export async function fetchOnlineRetail(
  environment: Environment,
  signal: AbortSignal,
  onProgress: (progress: { bytes: number; totalBytes: number }) => void,
): Promise<InputFile[]> {
  const totalBytes = onlineRetail.files.reduce((sum, file) => sum + file.bytes, 0)
  const inputs: InputFile[] = []
  let bytes = 0
  for (const { name } of onlineRetail.files) {
    const url = `samples/online-retail/${name}`
    const chunks: BlobPart[] = []
    for await (const chunk of bodyOf(await get(environment, url, signal))) {
      chunks.push(chunk)
      bytes += chunk.byteLength
      onProgress({ bytes, totalBytes: Math.max(bytes, totalBytes) })
    }
    inputs.push({ path: name, file: new File(chunks, name) })
  }
  return inputs
}

async function get(environment: Environment, url: string, signal: AbortSignal): Promise<Response> {
  let detail: string
  try {
    const response = await environment.fetch(url, signal)
    // A server that answers any missing path with its index page would otherwise look like success.
    const html = response.headers.get('content-type')?.startsWith('text/html') ?? false
    if (response.ok && !html) return response
    detail = html ? 'the server answered with a web page' : `the server answered ${response.status}`
  } catch (thrown) {
    signal.throwIfAborted()
    detail = thrown instanceof Error ? thrown.message : String(thrown)
  }
  throw new GoldsmithError({
    code: 'sample.unavailable',
    message: `${url} could not be fetched: ${detail}.`,
    remedy: 'Check that the folder samples/online-retail is served beside this page, or use the generated sample.',
    file: url,
  })
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader()
  if (!reader) return
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
