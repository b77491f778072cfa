import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { queries } from '../../../queries.tsx'

/** Shown to operators alone: the page refuses everybody else. */
export function OperatorsLink() {
  const { data } = useQuery(queries.auth.config.queryOptions())
  if (!data?.operates) return null
  return (
    <Link to="/ops" className="inline-block py-3 underline">
      Server status
    </Link>
  )
}
