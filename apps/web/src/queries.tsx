// The typed API through React Query. The player's page does without it, to stay small.
import type { AppRouter } from '@tablecast/server'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createTRPCOptionsProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query'
import type { ReactNode } from 'react'
import { api } from './api.ts'

export const queryClient = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 5_000 } } })

export const queries: TRPCOptionsProxy<AppRouter> = createTRPCOptionsProxy<AppRouter>({ client: api, queryClient })

/** True until the first answer or failure. A later try is made behind a page that is already shown. */
export const isUnanswered = ({ isLoading, isFetched }: { isLoading: boolean; isFetched: boolean }): boolean =>
  isLoading && !isFetched

/** Gives the pages within it React Query. */
export const Queries = ({ children }: { children: ReactNode }) => (
  <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
)
