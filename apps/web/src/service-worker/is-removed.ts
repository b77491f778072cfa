type Answer = Pick<Response, 'status' | 'ok' | 'headers'>

/** Whether this server has no worker any more: it is of a version without one, or another program has its address now. */
export const isRemoved = ({ status, ok, headers }: Answer): boolean =>
  status === 404 || status === 410 || (ok && !(headers.get('content-type') ?? '').includes('javascript'))
