// Disks of their own: an ext4 in a file that can lose its power, so that only what was synced is there afterwards,
// and one in memory that is soon full.
import { execFile } from 'node:child_process'
import { chmod, mkdir, open, rm, truncate, writeFile } from 'node:fs/promises'
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
  refuseOthers()
  await mkdir(folder)
  await writeFile(image, '')
  await truncate(image, bytes)
  try {
    await command('mke2fs', ['-q', '-F', '-t', 'ext4', image])
    await mount()
  } catch (error) {
    throw new NotAllowed(
      `this machine gives no ext4 on a loop device (${messageOf(error)}): load the kernel module loop, install e2fsprogs, and allow mounts (CAP_SYS_ADMIN).`,
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

export interface SmallDisk {
  folder: string
  /** Takes all the space there is left; answers when not a page is free. */
  fill(): Promise<void>
  makeSpace(): Promise<void>
  remove(): Promise<void>
}

/** A disk in memory that is full when it holds so much. */
export async function makeSmallDisk(parent: string, bytes: number): Promise<SmallDisk> {
  const folder = join(parent, 'small')
  const ballast = join(folder, 'ballast')
  refuseOthers()
  await mkdir(folder)
  try {
    await command('mount', ['-t', 'tmpfs', '-o', `size=${bytes},mode=755,nosuid,nodev`, 'tmpfs', folder])
  } catch (error) {
    throw new NotAllowed(`this machine mounts no tmpfs (${messageOf(error)}): allow mounts (CAP_SYS_ADMIN).`)
  }
  return {
    folder,
    async fill() {
      const file = await open(ballast, 'a')
      try {
        for (const size of fillSizes)
          for (let more = true; more; )
            more = await file.write(Buffer.alloc(size)).then(
              ({ bytesWritten }) => bytesWritten === size,
              () => false,
            )
      } finally {
        await file.close()
      }
    },
    makeSpace: () => rm(ballast, { force: true }),
    remove: () => command('umount', ['--lazy', folder]),
  }
}

const fillSizes = [4 * 1024 ** 2, 4_096]

function refuseOthers(): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new NotAllowed('mounting a disk needs root on Linux: run it as root, in a machine of its own.')
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.trim() : String(error))

async function command(name: string, args: string[]): Promise<void> {
  await run(name, args, { timeout: commandWithinMs })
}
