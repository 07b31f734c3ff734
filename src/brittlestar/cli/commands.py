"""The commands: the verb behind each, what turns its result into lines, and what is done before.

An option of a verb stands in the verb's docstring (`declaring.py`), and nowhere here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from brittlestar.cli.declaring import Declared, Option, read_function


@dataclass(frozen=True)
class VerbBinding:
    """A verb and what tells its result. One that is not the first is meant `when` that value is given; refusals call it
    by its `name`, and say `hint`. `page` is what leaves the page that `--open` opens: an option, nothing (empty: it is
    always left), or None where there is no page."""

    verb: str
    output: str
    when: str = ""
    name: str = ""
    hint: str = "leave one of them out"
    page: str | None = None

    @property
    def declared(self) -> tuple[Declared, Declared]:
        """What the verb and the output declare."""
        return read_function(f"verbs.{self.verb}"), read_function(f"cli.outputs.{self.output}")


@dataclass(frozen=True)
class CommandLine:
    """A group of help, the forms, and functions of `option_groups.py` in their order. `stage` names the work of a verb
    that tells its progress."""

    group: str
    forms: tuple[VerbBinding, ...]
    option_groups: tuple[str, ...] = ()
    stage: str = ""

    @property
    def summary(self) -> str:
        """The line in the list of commands."""
        return self.forms[0].declared[0].summary

    @property
    def exit_codes(self) -> str:
        """The last lines of help."""
        return self.forms[0].declared[0].exit_codes

    @property
    def help(self) -> str:
        """Paragraphs of help; those with indented lines stay as they are."""
        parts = [
            f"\b\n{paragraph}" if "\n  " in paragraph else paragraph
            for paragraph in self.forms[0].declared[0].paragraphs
        ]
        return _name_options("\n\n".join([self.summary, *parts]), self.options)

    @property
    def options(self) -> tuple[Option, ...]:
        """Arguments and options in the order of help: of the verbs, of what is gathered, of the outputs."""
        verbs, outputs = zip(*(form.declared for form in self.forms), strict=True)
        found: dict[str, Option] = {}
        for declared in (*verbs, *map(read_option_group, self.option_groups), *outputs):
            for option in declared.options:
                found.setdefault(option.parameter, option)
        if self.forms[0].page is not None:
            found["open"] = Option("open", "--open", "", "Open the page in a browser.")
        return tuple(replace(one, help=_name_options(one.help, found.values())) for one in found.values())


def read_option_group(name: str) -> Declared:
    """What a function of `option_groups.py` declares."""
    return read_function(f"cli.option_groups:{name}")


def _name_options(text: str, options: Iterable[Option]) -> str:
    """The text with options where a docstring names parameters."""
    for option in options:
        if option.flags:
            text = text.replace(f"`{option.parameter}`", option.name_given())
    return text


def _one(
    group: str, verb: str, output: str, *option_groups: str, stage: str = "", page: str | None = None
) -> CommandLine:
    return CommandLine(group, (VerbBinding(verb, output, page=page),), option_groups, stage)


ANSWERING = (
    Option("json", "--json", "", "Print one JSON document. All else goes to standard error."),
    Option("quiet", "--quiet -q", "", "Print the answer alone, a line each."),
    Option("verbose", "--verbose -v", "", "Print everything, not the first of each kind."),
)
"""The options of every command: how it answers."""
ANSWERS, STUDIES, RECORDS = "Test", "Manage studies", "Reproduce"
AUDIT, PROBES = "audit of the data", "probes"
SHARED = "give it to the run without --share, which judges and reports"
COMMANDS: Mapping[str, CommandLine] = {
    "audit": _one(ANSWERS, "audit:audit", "audit:audit_output", "set_linear", stage=AUDIT, page="--html FILE"),
    "check": _one(ANSWERS, "check:check", "run:check_output", "set_linear", stage=AUDIT, page="--out DIR"),
    "run": CommandLine(
        ANSWERS,
        (
            VerbBinding("run:run", "run:run_output", page=""),
            VerbBinding("run:run", "runs:dry_run_output", "dry_run", "--dry-run"),
            VerbBinding("share_run:run_share", "run:share_output", "share", "--share", SHARED),
        ),
        ("set_linear", "refuse_page_without_report"),
    ),
    "judge": _one(ANSWERS, "judge:judge", "answers:judge_output", "read_written_claims"),
    "probe": CommandLine(
        ANSWERS,
        (
            VerbBinding("probe:probe", "probe:probe_output"),
            VerbBinding("replaying:replay", "probe:replay_output", "condition", "--show"),
        ),
        ("ask_probes",),
        stage=PROBES,
    ),
    "diagnose": CommandLine(
        ANSWERS,
        (
            VerbBinding("diagnose:diagnose", "answers:diagnose_output"),
            VerbBinding("diagnose_history:diagnose_history", "answers:diagnose_output", "history", "--history"),
        ),
        ("need_study",),
    ),
    "forecast": _one(ANSWERS, "forecast:forecast", "answers:forecast_output", page=""),
    "gate": _one(ANSWERS, "gate:gate", "gate:gate_output"),
    "explain": _one(ANSWERS, "explain:explain", "answers:explain_output"),
    "new": _one(STUDIES, "new:new", "written:new_output"),
    "split": _one(STUDIES, "split:split", "audit:split_output", stage="split"),
    "status": _one(STUDIES, "status:status", "runs:status_output"),
    "report": _one(STUDIES, "report:report", "written:report_output", "prepare_paper", page=""),
    "export": _one(STUDIES, "export:export", "written:export_output"),
    "compare": CommandLine(
        STUDIES,
        (
            VerbBinding("compare:compare", "compare:compare_output"),
            VerbBinding("reported:compare_reported", "compare:reported_output", "reported", "a report of settings"),
            VerbBinding(
                "reported_run:run_reported", "compare:reported_run_output", "does_it_matter", "--does-it-matter"
            ),
        ),
        ("find_report",),
    ),
    "generate spr": _one(STUDIES, "generate:generate", "written:generated_output"),
    "seal": _one(RECORDS, "seal:seal", "records:seal_output"),
    "verify": _one(RECORDS, "verify:verify", "records:verify_output", "refuse_depths"),
}
