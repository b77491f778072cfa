// The thread that reads scenarios: a text comes in, a campaign or the reason against it goes out.
import { parentPort } from 'node:worker_threads'
import { TablecastError } from '@tablecast/contracts'
import { readScenario } from './scenario.ts'
import type { ScenarioAnswer } from './scenario-answer.ts'

parentPort?.on('message', (markdown: string) => parentPort?.postMessage(answerTo(markdown), []))
parentPort?.postMessage('ready', [])

function answerTo(markdown: string): ScenarioAnswer {
  try {
    return { kind: 'read', content: readScenario(markdown) }
  } catch (error) {
    if (error instanceof TablecastError) return { kind: 'refused', why: error.message }
    throw error
  }
}
