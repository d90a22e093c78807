import { IconFileImport } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import classes from './drop-zone.module.css'
import { type DroppedFile, droppedFiles } from './dropped-files'

interface DropZoneProps {
  onFiles: (files: DroppedFile[]) => void
  /** A folder that could not be read. */
  onError: (reason: unknown) => void
}

/** Lets files be dropped anywhere on the page, and shows that they may be while they are dragged over it. */
export function DropZone({ onFiles, onError }: DropZoneProps) {
  const [dragging, setDragging] = useState(false)
  const handlers = useRef({ onFiles, onError })
  handlers.current = { onFiles, onError }

  useEffect(() => {
    // Entering a child also leaves its parent: only the balance tells whether the pointer left the page.
    let depth = 0
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onEnter = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth++
      setDragging(true)
    }
    const onLeave = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth - 1)
      if (depth === 0) setDragging(false)
    }
    const onOver = (event: DragEvent) => {
      if (carriesFiles(event)) event.preventDefault()
    }
    const onDrop = (event: DragEvent) => {
      depth = 0
      setDragging(false)
      if (!event.dataTransfer || !carriesFiles(event)) return
      event.preventDefault()
      droppedFiles(event.dataTransfer).then(
        (files) => handlers.current.onFiles(files),
        (reason: unknown) => handlers.current.onError(reason),
      )
    }
    window.addEventListener('dragenter', onEnter)
    window.addEventListener('dragleave', onLeave)
    window.addEventListener('dragover', onOver)
    window.addEventListener('drop', onDrop)
    return () => {
      window.removeEventListener('dragenter', onEnter)
      window.removeEventListener('dragleave', onLeave)
      window.removeEventListener('dragover', onOver)
      window.removeEventListener('drop', onDrop)
    }
  }, [])

  if (!dragging) return null
  return (
    <div className={classes.cover} aria-hidden>
      <div className={classes.target}>
        <IconFileImport size={28} stroke={1.5} />
        Drop Silver files to load them
      </div>
    </div>
  )
}
