import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  transpilePackages: ['@oo/sdk-js', '@oo/ui'],
  turbopack: { root: join(import.meta.dirname, '../..') },
  // Types are checked by `npm run check`, once for the whole house.
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
}
