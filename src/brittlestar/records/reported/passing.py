"""Rows of tables of settings that state none: results, costs, machines, options of frameworks, what all trainings have
alike, and words under names that nobody knows."""

from __future__ import annotations

import re

from brittlestar.records.reported.aliases import find_paths, is_nearly_known, plain_name
from brittlestar.records.reported.alternatives import compile_any
from brittlestar.records.reported.guessing import guess_path
from brittlestar.records.reported.numbers import read_number, read_numbers, read_whether

OUTCOMES = re.compile(
    r"^(?:(?:test|dev|validation|val|train|training|held.?out|best|final|mean|average) )*(?:accuracy|acc|"
    r"balanced accuracy|macro.?f1|f1|log.?loss|cross.?entropy|nll|ece|hwa|swa|cwa|"
    r"error(?: rate)?|perplexity|score|loss|auc|results?)$|"
    r"\b(?:train(?:ing)?|run|wall.?clock|wall|inference|total) ?time|\b(?:time|duration|runtime)\b|"
    r"\b(?:hardware|gpus?|cpus?|gpu hours|memory|ram|cores|machine|cluster|energy|carbon|co2|costs?|price)\b|"
    r"\b(?:parameters|params|model size|flops)$|\b(?:framework|library|software|pytorch version|python|cuda version)\b|"
    r"\bversion$|\bbest (?:epoch|step|iteration)\b|\b(?:steps|batches) per epoch\b|\bstopped (?:at|after|epoch)\b"
)
"""Names of rows that stand in tables of settings and state none: results, time, hardware, software, sizes."""
_OPTIONS = (
    "runid runname runuuid experimentid experimentname status starttime endtime user sourcename outputdir "
    "loggingdir logdir savedir checkpointdir dirpath filename overwriteoutputdir reportto loggingsteps "
    "loggingstrategy evalsteps savesteps evaluationstrategy evalstrategy savestrategy savetotallimit savetopk "
    "loadbestmodelatend greaterisbetter dotrain doeval dopredict perdeviceevalbatchsize evalbatchsize "
    "testbatchsize valbatchsize dataloadernumworkers numworkers pinmemory devices numnodes numdevices ngpu ngpus "
    "strategy logeverynsteps checkvaleverynepoch enableprogressbar enablecheckpointing logger verbose savebestonly "
    "savelast mode monitormode restorebestweights title notes description comment groupid disabletqdm "
    "batchfirst deterministic benchmark njobs pushtohub localrank droplast callbacks tags profiler fastdevrun "
    "maxpositionembeddings typevocabsize vocabsize layernormeps padtokenid bostokenid eostokenid clstokenid septokenid "
    "initializerrange partial train test printconfig enforcetags minepochs minsteps ckptpath jobname maxlength "
    "maxseqlength maxlen maxsequencelength numlabels"
)
LOGGED = re.compile(
    r"(?:log|sav|eval|print|display|checkpoint|report)[a-z]*[ _-]?(?:every|interval|freq\w*|steps?|epochs?)|"
    r"\b(?:n|num|number of)?[ _-]?(?:classes|labels)$|vocab\w*[ _-]?size|world[ _-]?size|\b(?:job|run|process)[ _-]?id$"
)
"""Names of how often something is told or kept, and of what follows from the data or the machine."""
ELSEWHERE = frozenset(_OPTIONS.split())
"""Options of frameworks that say where files go, how much is told, and how rows are scored."""
CLASSES = ("target", "classpath", "name", "type", "class")
"""What a class is named by in a section of its own."""
SCORES = ("results", "metrics", "scores", "evaluation", "outcomes")
"""Sections of results."""
_ENTROPY = r".*(?:cross.?entropy|\bnll|log.?loss|negative log).*"
USUAL = {
    **dict.fromkeys(
        ("loss", "lossfunction", "lossname", "trainingloss", "objective", "criterion", "criterionname"), _ENTROPY
    ),
    **dict.fromkeys(("foreach", "fused", "maximize", "capturable", "differentiable"), "none|null|false"),
    **dict.fromkeys(("gradientaccumulation", "accumulategradbatches"), "1|none|null|no|off|false"),
    "gradientaccumulationsteps": "1|none|null|no",
    "gradientclipalgorithm": "norm",
    "type": "embedding",
    "state": "finished|done|completed",
    "shuffle": "true|yes|on|(?:each|every) epoch",
    "mindelta": r"0(?:\.0*)?",
}
"""What all trainings here have alike, with the values that say so."""


_SECTIONS = compile_any(
    r"^(?:evaluat\w*|eval|inference|predict\w*|testing|(?:val|valid|validation|test|eval)[_-]?(?:data)?loader)$",
    r"^(?:baselines?|teacher|pre-?train\w*|decoder|summary|results?|prepare|preprocess\w*)$",
    r"^(?:swa|ema|layer_?norm|batch_?norm|bn|norm|fp16|amp|plateau|reduce\w*plateau)$",
)
"""Sections of a file about something else than the training of a model."""
_OF_OTHERS = compile_any(
    r"(?:data|dataset|split|shuffle|shuffling|prepare|sampler)[._ -]?seed$",
    r"(?:^|[._-])(?:t_max|tmax|eta_min|last_epoch|t_initial|num_cycles|boundaries|cooldown)$",
    r"(?:^|[._-])(?:reload_dataloaders_every_n_epochs|initial_epoch|start_epoch|val_every_n_epochs)$",
    r"(?:^|[._-])(?:initial_scale_power|ema_momentum|bn_momentum|swa_lr|lr_patience|warmup_init_lr|warmup_start_factor)$",
    r"(?:^|[._-])(?:mlp|classifier|head|decoder)[._](?:hidden_\w+|layers|num_layers)$",
    r"sched\w*\.(?:patience|frequency|interval|threshold)$",
    r"^no[_-](?:epoch|last)?[_-]?checkpoints?$",
)
"""Options with the name of a setting in theirs that are about something else."""


def is_about_others(name: str) -> bool:
    """Whether a name is an option of evaluation, of another model, of another step, or of a library."""
    plain = name.strip().lower()
    parts = re.split(r"[./:]|__", plain)
    return any(_SECTIONS.match(one) for one in parts[:-1]) or _OF_OTHERS.search(plain) is not None


def states_no_setting(name: str, text: str) -> bool:
    """Whether a row states no setting that a study has."""
    if is_about_others(name) or (
        find_paths(name) == ("data.train_rows",) and re.search(r"/|\.(?:csv|tsv|txt|jsonl?|parquet)$", text.strip())
    ):
        return True
    if find_paths(name):
        return False
    parts = [plain_name(one) for one in re.split(r"[./:]|__", name) if plain_name(one)]
    names = [*parts[-1:], "".join(parts[-2:])]
    if parts[-1:] and parts[-1] in CLASSES:
        names += parts[-2:-1]
    usual = next((USUAL[one] for one in names if one in USUAL), None)
    if usual is not None and parts != ["type"]:
        return re.fullmatch(usual, text.strip().lower()) is not None
    if any(one in ELSEWHERE for one in names) or (len(parts) > 1 and parts[0] in SCORES):
        return True
    return is_outcome(name) or bool(LOGGED.search(name.lower())) or _says_nothing(name, text)


def _says_nothing(name: str, text: str) -> bool:
    """Whether nothing of a study can be meant: words, or that something was not used, under a name that is not nearly
    one that is known. A number, or that something was used, under such a name is for a person to judge."""
    if guess_path(name, text) is not None:
        return False
    numbers = read_numbers(text)
    if numbers is not None or read_number(text) is not None or read_whether(text):
        return False
    return not is_nearly_known(name)


def is_outcome(name: str) -> bool:
    """Whether this is the name of a result, a cost or a machine."""
    return bool(OUTCOMES.search(re.sub(r"\(.*?\)|[\s_#.\-]+", " ", name.lower()).strip()))
