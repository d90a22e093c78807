import { Button } from '@mantine/core'
import { IconFile, IconFolder } from '@tabler/icons-react'
import { type ChangeEvent, useRef } from 'react'
import { type DroppedFile, pickedFiles } from './dropped-files'

interface FileButtonsProps {
  onFiles: (files: DroppedFile[]) => void
  disabled?: boolean
}

/** Buttons that open the browser's file and folder pickers. */
export function FileButtons({ onFiles, disabled = false }: FileButtonsProps) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)

  function onChange(event: ChangeEvent<HTMLInputElement>) {
    const { files: list } = event.currentTarget
    if (list && list.length > 0) onFiles(pickedFiles(list))
    // Picking the same file again must be a change again.
    event.currentTarget.value = ''
  }

  return (
    <>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        onChange={onChange}
        aria-label="Silver files"
        data-testid="file-input"
      />
      <input
        ref={(input) => {
          folder.current = input
          input?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        hidden
        onChange={onChange}
        aria-label="Folder of Silver files"
        data-testid="folder-input"
      />
      <Button
        variant="default"
        leftSection={<IconFile size={15} />}
        disabled={disabled}
        onClick={() => files.current?.click()}
      >
        Choose files
      </Button>
      <Button
        variant="default"
        leftSection={<IconFolder size={15} />}
        disabled={disabled}
        onClick={() => folder.current?.click()}
      >
        Choose a folder
      </Button>
    </>
  )
}
