import { formatQuantity } from '@/domain/format/number'
import { valueOr } from '@/store/loadable'
import { hrefOf } from '@/store/route'
import { useGoldsmith } from '@/views/store-context'
import { AsOfPicker } from './as-of-picker'
import { EnginePill } from './engine-pill'
import { Logo } from './logo'
import { PaletteButton } from './palette'
import { RunButton } from './run-button'
import { RunResult } from './run-result'
import classes from './shell.module.css'
import { ThemeToggle } from './theme-toggle'

export function Header() {
  const running = useGoldsmith((state) => state.run.update.status !== 'idle')
  const unseen = useGoldsmith((state) => state.run.unseen)
  return (
    <div className={classes.header} data-result={unseen}>
      <a className={classes.brand} href={hrefOf({ view: 'sources' })} aria-label="Goldsmith, to the sources">
        <Logo />
        <span className={classes.brandName}>Goldsmith</span>
      </a>
      <Loaded />
      <div className={classes.tools} data-running={running}>
        <PaletteButton />
        <AsOfPicker />
        <EnginePill />
        <ThemeToggle />
        <RunResult />
        <RunButton />
      </div>
    </div>
  )
}

function Loaded() {
  const name = useGoldsmith((state) =>
    state.project.project.status === 'ready' ? state.project.project.value.name : '',
  )
  const sources = useGoldsmith((state) => state.sources.sources)
  const ready = valueOr(sources, []).filter((source) => source.status === 'ready')
  const unusable = valueOr(sources, []).filter((source) => source.status === 'invalid').length
  const orders = ready.find((source) => source.table === 'silver.orders')
  const parts = [
    ...(orders ? [formatQuantity(orders.rows, 'order line')] : []),
    ...(ready.length > 0 ? [formatQuantity(ready.length, 'source')] : []),
    ...(unusable > 0 ? [`${formatQuantity(unusable, 'source')} not usable`] : []),
  ]
  const what = parts.length === 0 ? 'no data loaded' : parts.join(', ')
  return (
    <div className={`${classes.loaded} truncate num`}>
      <b>{name}</b>
      {name !== '' && ' · '}
      {sources.status === 'ready' && what}
    </div>
  )
}
