// The limit of open files, which every socket counts against. Node raises its own limit to the hard one when it starts.

/** The server's own files: the database, the log, pipes. */
const OTHERS = 1_000

/** Throws where this process, or one like it, can not open that many sockets. */
export function mustHaveFiles(sockets: number): void {
  const most = hardLimit()
  if (most >= sockets + OTHERS) return
  throw new Error(
    `${sockets} watchers need ${sockets + OTHERS} open files, and the limit is ${most}: raise it with ulimit -n ${sockets + OTHERS}`,
  )
}

function hardLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { hard: number | 'unlimited' } } }
  const limit = report.userLimits?.open_files?.hard ?? 'unlimited'
  return limit === 'unlimited' ? Infinity : limit
}
