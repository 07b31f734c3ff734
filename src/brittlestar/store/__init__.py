"""A study on disk: what lies where, written whole, checked by hash, never changed once it is finished."""
