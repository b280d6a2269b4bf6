#!/usr/bin/env node
import { reportError, runCommand, usageError } from './command.js'
import { tolerateLostOutput } from './streams.js'

tolerateLostOutput(usageError)
process.on('uncaughtException', (error) => process.exit(reportError(error)))
await runCommand(process.argv.slice(2))
