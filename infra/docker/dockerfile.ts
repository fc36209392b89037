// Just enough of the Dockerfile language for the checks of this folder: instructions, stages, JSON arguments.
export interface Instruction {
  name: string
  text: string
}

/** Every instruction with its continued lines joined and comments left out. */
export function parseDockerfile(source: string): Instruction[] {
  const lines = source.split('\n').filter(line => !/^\s*#/.test(line))
  const joined = lines.join('\n').replace(/\\\n\s*/g, '')
  return joined.split('\n').flatMap(line => {
    const [name, ...rest] = line.trim().split(/\s+/)
    return name ? [{ name: name.toUpperCase(), text: rest.join(' ') }] : []
  })
}

/** The stages in order; the last one is what runs. */
export function stagesOf(instructions: Instruction[]): Instruction[][] {
  const stages: Instruction[][] = []
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') stages.push([])
    stages.at(-1)?.push(instruction)
  }
  return stages
}

/** What a COPY takes from the repository; a copy between stages takes nothing from it. */
export function copiedPaths(instruction: Instruction): string[] {
  if (instruction.name !== 'COPY' || instruction.text.includes('--from=')) return []
  const words = instruction.text.split(' ').filter(word => !word.startsWith('--'))
  return words.slice(0, -1)
}

/** The words of `["node", "main.ts"]`. */
export function wordsOf(text: string): string[] {
  const parsed: unknown = JSON.parse(text.slice(text.indexOf('[')))
  return Array.isArray(parsed) ? parsed.map(String) : []
}
