// A disk of its own in a file: an ext4 that can lose its power, so that only what was synced is there afterwards.
import { execFile } from 'node:child_process'
import { chmod, mkdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { python } from '../bench/peers/start.ts'

const run = promisify(execFile)
const commandWithinMs = 30_000
const unmountTries = 100
const betweenTriesMs = 50

export interface Disk {
  /** Where it is mounted. */
  folder: string
  /** From this moment nothing reaches the disk. */
  cutPower(): Promise<void>
  /** After a cut: mounted anew, with what had reached the disk. */
  comeBack(): Promise<void>
  remove(): Promise<void>
}

/** Thrown where this machine does not allow what a proof needs: a sentence that says what to do. */
export class NotAllowed extends Error {}

export async function makeDisk(parent: string, bytes: number): Promise<Disk> {
  const image = join(parent, 'disk.img')
  const folder = join(parent, 'disk')
  const mount = () => command('mount', ['-o', 'loop,nosuid,nodev', image, folder])
  const unmount = async () => {
    // Processes that were killed hold their files for a moment longer.
    for (let tries = 1; ; tries++)
      try {
        return await command('umount', [folder])
      } catch (error) {
        if (tries === unmountTries) throw error
        await delay(betweenTriesMs)
      }
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new NotAllowed('mounting a disk needs root on Linux: run it as root, in a machine of its own.')
  await mkdir(folder)
  await writeFile(image, '')
  await truncate(image, bytes)
  try {
    await command('mke2fs', ['-q', '-F', '-t', 'ext4', image])
    await mount()
  } catch (error) {
    const why = error instanceof Error ? error.message.trim() : String(error)
    throw new NotAllowed(
      `this machine gives no ext4 on a loop device (${why}): load the kernel module loop, install e2fsprogs, and allow mounts (CAP_SYS_ADMIN).`,
    )
  }
  await chmod(folder, 0o755)
  return {
    folder,
    cutPower: () => command(python(), [join(import.meta.dirname, 'cutPower.py'), folder]),
    async comeBack() {
      await unmount()
      await mount()
    },
    async remove() {
      // Whatever still holds a file there must not keep the mount for ever.
      await unmount().catch(() => command('umount', ['--lazy', folder]))
    },
  }
}

async function command(name: string, args: string[]): Promise<void> {
  await run(name, args, { timeout: commandWithinMs })
}
