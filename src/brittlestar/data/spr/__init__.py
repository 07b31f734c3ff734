"""The founding task: sequences of coloured shapes, accepted or rejected by a rule that is known."""

from .corruption import Flip as Flip
from .corruption import parse_flip as parse_flip
from .generation import SprData as SprData
from .generation import SprSplit as SprSplit
from .generation import generate_spr as generate_spr
from .grammar import PRESETS as PRESETS
from .grammar import parse_rule as parse_rule
from .predicates import ColourPosition as ColourPosition
from .predicates import CountParity as CountParity
from .predicates import FirstBefore as FirstBefore
from .predicates import ShapeCount as ShapeCount
from .rule import Rule as Rule
from .rule import label_rows as label_rows
from .settings import SprSettings as SprSettings
from .symbols import TOKEN_PATTERN as TOKEN_PATTERN
from .writing import write_spr as write_spr
