"""What a phone is promised about its notes: clauses, each shown only where it holds.

`tests/anonymity/test_promise.py` names the tests that prove each of them.
"""

from dataclasses import dataclass

CLAUSES = {
    "shuffled": "Votre note s’affichera sans nom, mélangée aux autres ;",
    "waves": "Votre note s’affichera sans nom, mélangée à celles de la même vague : plus une vague"
    " est petite, plus il est facile de deviner ;",
    "direct": "Dans cette étape, votre note s’affiche tout de suite, sans nom mais sans attendre"
    " les autres, et qui vous voit écrire peut deviner qu’elle est de vous ;",
    "unrecorded": "le serveur n’enregistre ni votre identité, ni votre adresse IP, ni l’heure"
    " d’envoi.",
    "unrecorded-here": "ce logiciel n’enregistre ni votre identité, ni votre adresse IP, ni"
    " l’heure d’envoi, mais ce qui relie votre téléphone à lui peut garder la trace d’une"
    " connexion.",
    "in-order": "le serveur n’enregistre ni votre identité, ni votre adresse IP, mais il garde"
    " l’ordre d’arrivée des notes, donc leur moment à peu près.",
    "in-order-here": "ce logiciel n’enregistre ni votre identité, ni votre adresse IP, mais il"
    " garde l’ordre d’arrivée des notes, et ce qui relie votre téléphone à lui peut garder la"
    " trace d’une connexion.",
    "timed": "le serveur n’enregistre ni votre identité, ni votre adresse IP, mais il garde l’ordre"
    " d’arrivée des notes, et le journal de sa base de données leur moment.",
    "timed-here": "ce logiciel n’enregistre ni votre identité, ni votre adresse IP, mais il garde"
    " l’ordre d’arrivée des notes, le journal de sa base de données leur moment, et ce qui relie"
    " votre téléphone à lui peut garder la trace d’une connexion.",
    "journalled": "le serveur n’enregistre ni votre identité, ni votre adresse IP, mais le journal"
    " de sa base de données garde pour un temps les notes, chiffrées, dans l’ordre et avec le"
    " moment de leur arrivée.",
    "journalled-here": "ce logiciel n’enregistre ni votre identité, ni votre adresse IP, mais le"
    " journal de sa base de données garde pour un temps les notes, chiffrées, dans l’ordre et avec"
    " le moment de leur arrivée, et ce qui relie votre téléphone à lui peut garder la trace d’une"
    " connexion.",
    "clear": "Ici la ligne n’est pas chiffrée : qui écoute ce réseau peut lire ce que vous"
    " envoyez.",
    "small-group": "Dans un petit groupe, une façon d’écrire ou une histoire particulière peut"
    " pourtant vous faire reconnaître : écrivez ce que vous accepteriez d’entendre lu dans cette"
    " pièce.",
    "take-back": "Vous pouvez retirer votre note jusqu’à la fin de la séance ;",
    "afterwards": "ensuite, plus rien ne permettra de savoir laquelle est la vôtre.",
    "afterwards-order": "ensuite, il n’en reste que l’ordre d’arrivée.",
    "afterwards-timed": "ensuite, il n’en reste que l’ordre d’arrivée et, pour un temps, leur"
    " moment dans ce journal.",
    "afterwards-journal": "ensuite, il faudrait ce journal et la clé du serveur pour chercher"
    " laquelle est la vôtre.",
    "copied-out": "La personne qui anime lit une note de papier avant les autres, et peut"
    " reconnaître une écriture.",
    "asked-back": "Pour retirer une note de papier, dites-le à la personne qui anime : elle peut"
    " l’ôter tant que sa page de saisie reste ouverte, et ensuite la masquer sur le mur.",
    "short-reveal": "Sans nom, face cachée jusqu’au dévoilement. Évitez les noms, les dates et les"
    " lieux précis.",
    "short-waves": "Sans nom, face cachée, dévoilée par vagues avec d’autres. Évitez les noms, les"
    " dates et les lieux précis.",
    "short-direct": "Sans nom, mais affichée tout de suite : le moment où elle apparaît peut la"
    " trahir.",
}
"""Whole sentences, or halves that end with a semicolon and are followed by another half."""

APPEARS = {"reveal": "shuffled", "waves": "waves", "direct": "direct"}
WEAKEST_FIRST = ("direct", "waves", "reveal")
Paragraph = list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """What lies between a phone and this server, and behind it, as far as the server can tell."""

    encrypted: bool
    """Nobody on the network can read along."""
    traced: bool
    """A proxy is there of which nobody said that it logs no addresses."""
    journalled: bool = False
    """Behind it, a database keeps for itself what was deleted, and in which order it came."""
    timed: bool = False
    """Behind it, a database notes for itself when each row came; what is not deleted stays there
    until other traffic drives it out."""


def promise(mode: str, line: Line) -> list[Paragraph]:
    """The paragraphs for a step of this mode, as keys of `CLAUSES`."""
    return [
        [APPEARS[mode], recorded(mode, line), *unencrypted(line)],
        ["small-group"],
        ["take-back", afterwards(mode, line)],
    ]


def paper_promise() -> list[Paragraph]:
    """The same for who writes on paper, which somebody else copies."""
    return [["copied-out"], ["small-group"], ["asked-back"]]


def recorded(mode: str, line: Line) -> str:
    if mode == "direct":
        claim = "timed" if line.timed else "in-order"
    else:
        claim = "journalled" if line.journalled else "unrecorded"
    return f"{claim}-here" if line.traced else claim


def afterwards(mode: str, line: Line) -> str:
    if mode == "direct":
        return "afterwards-timed" if line.timed else "afterwards-order"
    return "afterwards-journal" if line.journalled else "afterwards"


def unencrypted(line: Line) -> Paragraph:
    return [] if line.encrypted else ["clear"]


def weakest(modes: set[str]) -> str:
    """The mode that promises least: what can be said before anybody knows the step."""
    return next((mode for mode in WEAKEST_FIRST if mode in modes), WEAKEST_FIRST[-1])
