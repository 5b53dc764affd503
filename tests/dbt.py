"""dbt as a test runs it: its own build file, its own target folder, the project as it is.

A process of its own, as dbt keeps its state in modules; it is handed the parsed manifest, since
reading the whole project again would be most of what such a test costs.
"""

import os
import subprocess
import sys
from pathlib import Path

from pipelines.project import project
from pipelines.settings import PROJECT_DIR
from tests.warehouse import empty_warehouse

DBT = """
import sys
from pathlib import Path

from dbt.cli.main import dbtRunner

from pipelines.transform.manifest import parsed_manifest
from pipelines.settings import Settings, point_dbt_at

manifest = parsed_manifest("spark" if "spark" in sys.argv else "duckdb")
home = Path(sys.argv[1])
point_dbt_at(Settings(exports=home, home=home))
done = dbtRunner(manifest=manifest).invoke(sys.argv[2:])
print(done.exception or "")
sys.exit(not done.success)
"""


# Over hundreds of tables of a few rows a class that is written and compiled for each stage costs
# more than it saves, and of a long union its methods are longer than Java compiles. So do Java's
# second compiler, a garbage collection beside the work, and plans that are made anew behind each
# stage; what the first compiler makes of Spark needs more room than it is given without.
SPARK_OF_FEW_ROWS = {
    "PYSPARK_SUBMIT_ARGS": "--conf spark.sql.codegen.wholeStage=false"
    " --conf spark.sql.codegen.factoryMode=NO_CODEGEN"
    " --conf spark.sql.adaptive.enabled=false pyspark-shell",
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=512m"
    " -XX:+UseParallelGC",
}


def run_dbt(
    build: Path, *arguments: str, as_of_at: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run one dbt command against a build file, which is called build.duckdb as every one is."""
    assert build.name == "build.duckdb"
    if not build.exists():
        # Its clock is a table of the build file.
        empty_warehouse(build).close()
    command = [
        *(sys.executable, "-c", DBT, str(build.parent), *arguments),
        *("--project-dir", str(project().root), "--profiles-dir", str(project().root)),
        *("--target-path", str(build.parent / "dbt"), "--log-path", str(build.parent / "dbt")),
        # What a test reads is what dbt prints: its artifacts and its log file cost seconds.
        *("--no-write-json", "--log-level-file", "none", "--no-partial-parse"),
        *("--vars", f'{{"as_of_at": "{as_of_at}"}}'),
    ]
    result = subprocess.run(
        command,
        env=os.environ | (SPARK_OF_FEW_ROWS if "spark" in arguments else {}),
        cwd=PROJECT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not check or result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]
    return result
