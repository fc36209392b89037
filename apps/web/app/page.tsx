export default function Page() {
  return <main className="p-8 font-serif text-4xl">Floor</main>
}
