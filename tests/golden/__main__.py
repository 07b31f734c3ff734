"""`python -m tests.golden COMMIT [--scenes PART]`: this tree against a commit, on this machine.

Run it after each move that must change no result. It ends in 1 where anything differs, and names each place.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.golden.comparing import compare_folders
from tests.golden.scenes import ALL, AUDITS, CHECKED, DATA, JUDGED, TRAINED, play_scenes

PARTS = {"all": ALL, "audits": [*DATA, *AUDITS], "judged": JUDGED, "checked": CHECKED, "trained": [*DATA, *TRAINED]}
HERE = Path(__file__).parents[2]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("commit", help="the commit to compare with")
    parser.add_argument("--scenes", choices=PARTS, default="all", help="a part of the scenes (default: all)")
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        tree = work / "tree"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, asked.commit], cwd=HERE, check=True)
        try:
            play_scenes(work / "then", PARTS[asked.scenes], tree / "src")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=HERE, check=True)
        scenes = play_scenes(work / "now", PARTS[asked.scenes], HERE / "src")
        differences = compare_folders(work / "then", work / "now")
        files = sum(file.is_file() for file in (work / "now").rglob("*"))
    print("\n".join(differences) or f"the same: {len(scenes)} commands, {files:,} files")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
