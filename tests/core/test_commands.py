def test_every_folder_that_is_made_has_its_name_in_a_whole_page() -> None:
    page = "<pre>brittlestar audit DATA --write-clean DIR</pre>\n<code>brittlestar audit DATA --write-clean DIR</code>"
    assert filled(page, "here").count("brittlestar audit here --write-clean clean-data") == 2
    assert (
        filled("`brittlestar audit DIR --only leak.near`", "here") == "`brittlestar audit clean-data --only leak.near`"
    )
