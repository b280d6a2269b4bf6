// npm's prepack: puts ONNX Runtime into the package that is published, as vendor/onnxruntime-node. As a dependency its
// install script would download CUDA's libraries (some 300 MB, which are not used) on every user's machine, and npm would
// warn of the script. Its binaries for all platforms stay: one package serves every machine.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const from = 'node_modules/onnxruntime-node'
const to = 'vendor/onnxruntime-node'

rmSync('vendor', { recursive: true, force: true })
mkdirSync(to, { recursive: true })
for (const name of ['bin', 'dist']) {
  cpSync(join(from, name), join(to, name), { recursive: true, filter: (path) => !/\.(map|d\.ts)$/.test(path) })
}
const { name, version, description, license, repository, author, main } = JSON.parse(
  readFileSync(join(from, 'package.json'), 'utf8'),
)
const manifest = { name, version, description, license, repository, author, main }
writeFileSync(join(to, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
const text = readFileSync(`scripts/build/licences/${license}.txt`, 'utf8')
writeFileSync(join(to, 'LICENSE'), `Copyright (c) Microsoft Corporation\n\n${text}`)
