import { formatBytes } from '@/domain/format/units'
import { goldBytes } from '@/store/catalog'
import { useGoldsmith } from '@/views/store-context'
import classes from './shell.module.css'

/** Where the data is: here, and how much of it. */
export function StorageNote() {
  const bytes = useGoldsmith(goldBytes)
  const persistent = useGoldsmith((state) =>
    state.engine.info.status === 'ready' ? state.engine.info.value.persistent : true,
  )
  return (
    <div className={classes.foot}>
      Everything stays in this browser.
      {!persistent && ' It gives no private storage, so Gold lasts as long as this page.'}
      {bytes !== null && bytes > 0 && <div className="num">{formatBytes(bytes)} of Gold stored</div>}
    </div>
  )
}
