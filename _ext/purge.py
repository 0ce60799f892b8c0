"""Leave out of a stylesheet what no page of the site can ever use.

A rule stays if every class and identifier that its selector asks for occurs as a word in a page or in a
script: whatever a script can add to a page stands in it. Variables stay if something reads them. Of the rules
of the theme and of Bootstrap, made for every page that anybody may write, that leaves about a third.
"""

import re

import tinycss2

WORD = re.compile(r"[\w-]+")
READ = re.compile(r"var\(\s*(--[\w-]+)")


def words(texts):
    """Return every word of some texts; what a page or a script may call a class is among them."""
    return {word for text in texts for word in WORD.findall(text)}


def alternatives(tokens):
    """Split a selector at its commas."""
    parts = [[]]
    for token in tokens:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def asked(tokens):
    """Return the classes and identifiers that one alternative of a selector asks for.

    What stands within :not(), :is() and the like does not count: it may be there or not.
    """
    names, dot = set(), False
    for token in tokens:
        if token.type == "hash" or (dot and token.type == "ident"):
            names.add(token.value)
        dot = token == "."
    return names


def rules(tokens, used, read):
    """Return the rules that stay; `read` holds the variables that something reads, None for all."""
    kept = []
    for rule in tinycss2.parse_rule_list(tokens, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            matching = [part for part in alternatives(rule.prelude) if asked(part) <= used]
            inside = declarations(rule.content, read)
            if matching and inside:
                kept.append(f"{','.join(tinycss2.serialize(part).strip() for part in matching)}{{{inside}}}")
        elif (
            rule.type == "at-rule"
            and rule.lower_at_keyword in ("media", "supports", "layer")
            and rule.content
        ):
            inside = rules(rule.content, used, read)
            if inside:
                kept.append(f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inside}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword != "charset":  # allowed at the very start only
            kept.append(rule.serialize())
    return "\n".join(kept)


def declarations(tokens, read):
    """Return the declarations of a rule without the variables that nothing reads."""
    kept = []
    for one in tinycss2.parse_blocks_contents(tokens, skip_comments=True, skip_whitespace=True):
        variable = one.type == "declaration" and one.name.startswith("--")
        if not variable or read is None or one.name in read:
            kept.append(one.serialize())
    return ";".join(kept)


def purge(css, texts):
    """Return a stylesheet without the rules and variables that pages and scripts (their texts) cannot use."""
    used = words(texts)
    css = rules(css, used, None)
    while True:  # a variable may be read by another one only
        smaller = rules(css, used, set(READ.findall(css)).union(*map(READ.findall, texts)))
        if smaller == css:
            return css
        css = smaller
