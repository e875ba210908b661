"""Rooms that are already full, made through the server's own door."""

from secrets import token_hex

from playwright.sync_api import Browser

from tests import server as door
from tests.browser.people import BOARD, PROJECTOR, Facilitator, Projector
from tests.server import Server

SAID = [
    "Mets de côté, on ne sait jamais.",
    "On n’est pas riches, mais on ne doit rien à personne.",
    "Ça ne se demande pas.",
    "À cause de l’argent, je ne peux pas me reposer sans me justifier.",
    "L’argent me permet de choisir mes horaires.",
    "Quand on aime, on ne compte pas.",
    "L’argent me permet d’aider les miens avant qu’ils le demandent.",
    "Un sou est un sou.",
]
TITLES = [
    "Être à l’abri", "Devoir quelque chose", "Ce qui se tait", "Mériter", "Pouvoir dire non",
    "Aimer, aider, donner", "Compter sur soi", "Ce que les autres attendent de nous sans le dire",
    "Transmettre", "Avoir honte d’en avoir, honte d’en manquer", "Le temps", "Dépendre", "Partager",
    "Ce qui ne s’achète pas",
]  # fmt: skip


class FullRoom:
    """A direct wall with its notes, some of them in clusters."""

    def __init__(self, server: Server, notes: int, clusters: int = 0) -> None:
        self.server = server
        self.facilitator = door.Facilitator(server)
        self.room = self.facilitator.open_room(
            title="De quoi l’argent est-il le nom ?", mode="direct"
        )
        self.notes = [token_hex(16) for _ in range(notes)]
        self.clusters = [token_hex(16) for _ in range(clusters)]
        if notes:
            phone = door.Phone(server, self.room["code"])
        for number, note in enumerate(self.notes):
            assert phone.write(SAID[number % len(SAID)], note).status_code == 201
        for number, cluster in enumerate(self.clusters):
            self.does(
                "clusters",
                cluster=cluster,
                title=TITLES[number % len(TITLES)],
                note=self.notes[number :: clusters + 1],
            )

    @property
    def id(self) -> str:
        return self.room["room"]

    def does(self, what: str, **fields: object) -> None:
        answer = self.facilitator.client.post(f"/r/{self.id}/{what}", data=fields)
        assert answer.status_code == 204, answer.text

    def projected(
        self, browser: Browser, size: dict[str, int] = PROJECTOR, **how: object
    ) -> Projector:
        projector: Projector = Projector.arrives(browser, self.server, size, **how)
        projector.opens(self.room["projector"])
        projector.waits_for_wall(len(self.notes))
        return projector

    def steered(self, browser: Browser, size: dict[str, int] = BOARD, **how: object) -> Facilitator:
        facilitator: Facilitator = Facilitator.arrives(browser, self.server, size, **how)
        facilitator.signs_in()
        facilitator.page.goto(f"/r/{self.id}")
        facilitator.is_in_room()
        facilitator.waits_for_wall(len(self.notes))
        return facilitator
