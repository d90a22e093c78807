import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@mantine/core/styles.css'
import '@mantine/spotlight/styles.css'
import './styles/tokens.css'
import './styles/base.css'
import { createRoot } from 'react-dom/client'
import type { Goldsmith } from '@/domain/automation'
import { connectEngine } from '@/rpc/proxy'
import { createAutomation } from '@/store/automation'
import { createGoldsmithStore } from '@/store/store'
import { App } from '@/views/app'

declare global {
  interface Window {
    goldsmith: Goldsmith
  }
}

const worker = new Worker(new URL('./worker/engine.worker.ts', import.meta.url), { type: 'module', name: 'engine' })
const engine = connectEngine(worker)
const store = createGoldsmithStore(engine)
window.goldsmith = createAutomation(engine, store)

// A worker whose script cannot be loaded or evaluated never answers: without this the page would wait forever.
worker.addEventListener('error', (event) => {
  store.actions.reportFailure({
    code: 'engine.failed',
    message: `The engine's worker failed: ${event.message || 'its script could not be loaded'}.`,
    remedy:
      'Reload the page; stored Gold tables are kept. If it happens again, the files of this page may be incomplete.',
  })
})

const root = document.getElementById('root')
if (root) createRoot(root).render(<App store={store} />)
void store.actions.refreshAll()
