# Do what findings ask for until *Real?* is decided: python act_on_findings.py DATA [--model M]
import json
import subprocess
import sys

command, tried = ["brittlestar", "check", sys.argv[1]], []
while command and len(tried) < 9:
    tried.append(command)
    model = sys.argv[2:] if command[1] == "run" else []
    arguments = [sys.executable, "-m", *command, *model, "--json", "--quiet"]
    document = json.loads(subprocess.run(arguments, stdout=subprocess.PIPE).stdout)
    if "error" in document:
        sys.exit(document["error"][0]["what"])
    headline, real = document["headline"], document["headline"]["real"]
    print(*command, "->", real["answer"], flush=True)
    if real["answer"] != "cannot-say":
        break
    serious = [one for one in document["findings"] if one["severity"] in ("error", "warning")]
    offered = [document, headline["act_first"] or {}, *serious, real]
    command = next((one["argv"] for one in offered if one.get("argv") and one["argv"] not in tried), None)
print(real["sentence"])
