import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.css'
import '@mantine/spotlight/styles.css'
import './styles/tokens.css'
import './styles/base.css'
import { createRoot } from 'react-dom/client'
import type { Goldsmith } from '@/domain/automation'
import { superviseEngine } from '@/rpc/supervise'
import { createAutomation } from '@/store/automation'
import { createGoldsmithStore } from '@/store/store'
import { App } from '@/views/app'

declare global {
  interface Window {
    goldsmith: Goldsmith
  }
}

const startWorker = () =>
  new Worker(new URL('./worker/engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' })
const engine = superviseEngine(startWorker)
const store = createGoldsmithStore(engine)
window.goldsmith = createAutomation(engine, store)

const root = document.getElementById('root')
if (root) createRoot(root).render(<App store={store} />)
void store.actions.refreshAll()
