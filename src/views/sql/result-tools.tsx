import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { copyCells, copyRefusal } from '@/components/data-grid/copy-cells'
import { saveFile } from '@/components/save-file'
import { toErrorData } from '@/domain/errors'
import { formatQuantity } from '@/domain/format/number'
import { formatBytes } from '@/domain/format/units'
import type { ResultFormat, ResultInfo } from '@/store/contract'
import { useActions } from '@/views/store-context'
import classes from './sql.module.css'

const formats: { format: ResultFormat; label: string }[] = [
  { format: 'csv', label: 'CSV' },
  { format: 'parquet', label: 'Parquet' },
  { format: 'arrow', label: 'Arrow stream' },
]

type Activity =
  | { status: 'idle' }
  | { status: 'running'; label: string }
  | { status: 'done'; text: string }
  | { status: 'failed'; text: string }

/** Takes the rows of a result away, as they are sorted and filtered. */
export function ResultTools({ result }: { result: ResultInfo }) {
  const { exportResult, fetchRows } = useActions()
  const [activity, setActivity] = useState<Activity>({ status: 'idle' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  async function take(label: string, work: (signal: AbortSignal) => Promise<string>) {
    const controller = new AbortController()
    running.current = controller
    setActivity({ status: 'running', label })
    try {
      const text = await work(controller.signal)
      if (!controller.signal.aborted) setActivity({ status: 'done', text })
    } catch (thrown) {
      const { message, remedy = '' } = toErrorData(thrown)
      setActivity(controller.signal.aborted ? { status: 'idle' } : { status: 'failed', text: `${message} ${remedy}` })
    }
  }

  const save = (format: ResultFormat, label: string) =>
    take(`Writing ${label}`, async (signal) => {
      const { blob, extension } = await exportResult(result.id, format, signal)
      signal.throwIfAborted()
      saveFile(blob, `result.${extension}`)
      return `result.${extension} · ${formatBytes(blob.size)}`
    })

  const copy = () =>
    take('Copying', async (signal) => {
      const range = { top: 0, bottom: result.rows - 1, left: 0, right: result.columns.length - 1 }
      const refusal = copyRefusal(range, result.columns)
      if (refusal !== null) throw new Error(refusal)
      const names = result.columns.map(({ name }) => name)
      const read = (offset: number, limit: number) => fetchRows(result.id, offset, limit)
      await navigator.clipboard.writeText(await copyCells(read, range, names, signal))
      return `Copied ${formatQuantity(result.rows, 'row')}`
    })

  return (
    <>
      <output className={activity.status === 'failed' ? classes.toolsFailed : 'muted'}>
        {activity.status === 'running' ? `${activity.label}…` : activity.status === 'idle' ? '' : activity.text}
      </output>
      {activity.status === 'running' ? (
        <Button variant="default" size="compact-sm" onClick={() => running.current?.abort()}>
          Cancel
        </Button>
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconDownload size={14} />}
              rightSection={<IconChevronDown size={13} />}
            >
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {formats.map(({ format, label }) => (
              <Menu.Item key={format} onClick={() => void save(format, label)}>
                {label}
              </Menu.Item>
            ))}
            <Menu.Item onClick={() => void copy()}>Copy all, tab-separated</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}
