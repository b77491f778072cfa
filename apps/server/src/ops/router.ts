import { type Procedures, router } from '../trpc.ts'
import type { Health } from './health.ts'

export const opsRouter = ({ open }: Procedures, health: Health) => router({ health: open.query(() => health.report()) })
