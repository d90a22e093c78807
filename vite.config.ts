import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import packageJson from './package.json' with { type: 'json' }

const headers = {
  // SharedArrayBuffer, and with it DuckDB's threads, needs these on every response.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * The policy that index.html has in its <meta> tag. A tag binds the page but not its workers, which go by the header of
 * their own script; with the header, nothing that runs here can send data to another origin.
 */
function contentSecurityPolicy(): string {
  const html = readFileSync(fileURLToPath(new URL('./index.html', import.meta.url)), 'utf8')
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(html)?.[1]
  if (policy === undefined) throw new Error('index.html has no Content-Security-Policy that vite.config.ts could read.')
  return policy.replaceAll(/\s+/g, ' ').trim()
}

/** The headers as the file that several static hosts read (Netlify's and Cloudflare Pages' `_headers`), and a list for others. */
function headersFile(): Plugin {
  const lines = Object.entries({ ...headers, 'Content-Security-Policy': contentSecurityPolicy() })
  const source = `/*\n${lines.map(([name, value]) => `  ${name}: ${value}\n`).join('')}`
  return {
    name: 'goldsmith:headers-file',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: '_headers', source })
    },
  }
}

export default defineConfig(({ isPreview }) => ({
  define: { 'import.meta.env.GOLDSMITH_VERSION': JSON.stringify(packageJson.version) },
  // One page, and no answer for addresses that do not exist: an extension that DuckDB asks for and a sample that is
  // not there must be a 404, not the page's HTML.
  appType: 'mpa',
  plugins: [react(), headersFile()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { headers },
  preview: { headers: isPreview ? { ...headers, 'Content-Security-Policy': contentSecurityPolicy() } : headers },
  worker: { format: 'es' },
  build: { target: 'es2023', chunkSizeWarningLimit: 4000 },
}))
