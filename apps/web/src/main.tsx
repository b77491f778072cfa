import '@fontsource-variable/inter'
import '@fontsource-variable/literata'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api.ts'
import { App } from './App.tsx'
import './styles.css'
import { applyTheme } from './ui/theme.ts'
import { Toasts } from './ui/toast.tsx'

applyTheme()

const root = document.querySelector('#root')
if (!root) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Toasts>
        <App />
      </Toasts>
    </QueryClientProvider>
  </StrictMode>,
)
