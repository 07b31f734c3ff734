"""The founding task: sequences of coloured shapes, accepted or rejected by a rule that is known."""

from .grammar import PRESETS as PRESETS
from .grammar import parse_rule as parse_rule
from .rule import ColourPosition as ColourPosition
from .rule import CountParity as CountParity
from .rule import FirstBefore as FirstBefore
from .rule import Rule as Rule
from .rule import ShapeCount as ShapeCount
from .settings import Flip as Flip
from .settings import SprSettings as SprSettings
from .settings import parse_flip as parse_flip
from .writing import SprData as SprData
from .writing import SprSplit as SprSplit
from .writing import generate_spr as generate_spr
from .writing import write_spr as write_spr
