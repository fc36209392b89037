"""The tables of the api that the views of the decision log read, in a throwaway database."""

from urllib.parse import urlsplit

import asyncpg

from ml.throwaway_postgres import ROOT, Database, wait_for

MODULES = ("profile", "recommender")


def add_log_tables(database: Database) -> None:
    async def migrate() -> None:
        connection = await asyncpg.connect(database.admin_url, timeout=5)
        try:
            for schema in MODULES:
                await connection.execute(f"CREATE SCHEMA {schema} AUTHORIZATION oo_owner")
            name = urlsplit(database.admin_url).path[1:]
            await connection.execute(f"GRANT CREATE ON DATABASE {name} TO oo_owner; SET ROLE oo_owner")
            for schema in MODULES:
                for file in sorted((ROOT / "services" / schema / "migrations").glob("*.sql")):
                    await connection.execute(file.read_text())
        finally:
            await connection.close()

    wait_for(migrate())
