import { describe, expect, it } from 'vitest'
import { plainAuthMode, parseConfig } from './config.ts'

describe('Access to the plain endpoints by default', () => {
  it.each([
    [{}, 'open'],
    [{ HOST: '::1' }, 'open'],
    [{ PUBLIC_URL: 'http://localhost:9000' }, 'open'],
    [{ HOST: '0.0.0.0' }, 'token'],
    [{ HOST: '192.168.1.7' }, 'token'],
    // A proxy on the same machine connects from loopback, also for clients on other machines.
    [{ PUBLIC_URL: 'https://table.example' }, 'token'],
    [{ TRUSTED_PROXIES: 'loopback' }, 'token'],
    [{ PUBLIC_URL: 'https://table.example', COMPAT_AUTH: 'open' }, 'open'],
    [{ COMPAT_AUTH: 'off' }, 'off'],
  ])('with %o is %s', (environment, expected) => {
    expect(plainAuthMode(parseConfig(environment))).toBe(expected)
  })
})

it.each([
  [{ LOG_LEVEL: 'WARNING' }, { LOG_LEVEL: 'warn' }],
  [{ LOG_LEVEL: 'Critical' }, { LOG_LEVEL: 'fatal' }],
  [
    { DATABASE_URL: 'postgresql+psycopg2://me:a+b://c@db/x', SESSION_SECRET: 's'.repeat(40) },
    { DATABASE_URL: 'postgresql://me:a+b://c@db/x' },
  ],
])('the configuration accepts %o, as other programs write it', (environment, config) => {
  expect(parseConfig(environment)).toMatchObject(config)
})
