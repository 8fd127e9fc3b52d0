"""Common passwords: walks over the keyboard, repetitions, dates, and known words with a few signs around them.

The list is written as rules, so that a few hundred words stand for the many thousand passwords that are tried first.
"""

import re

_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    password passwort passwd passphrase kennwort losung parole geheim secret private admin administrator root
    superuser sysadmin user username benutzer guest gast default standard changeme letmein openup welcome willkommen
    hello hallo world welt
    login logon signin anmelden access zugang test testing tester testtest demo example beispiel sample
    internet computer laptop desktop keyboard tastatur monitor server network netzwerk windows linux ubuntu debian
    android iphone samsung google microsoft apple amazon facebook instagram youtube twitter whatsapp telegram
    service support security sicherheit account konto office work arbeit company firma business master mastermind
    iloveyou ichliebedich loveyou lovely love liebe loveme myself family familie friend friends freunde freund freundin
    darling schatz schatzi liebling engel angel baby babygirl babyboy honey sweetheart sweetie princess prinzessin
    prince prinz queen koenigin king koenig lady ladies girl girls boy boys woman man mother mutter mama father vater
    papa daddy mommy sister schwester brother bruder grandma grandpa oma opa
    sunshine sonnenschein sonne sonnen mond moon moonlight star stars sterne starlight rainbow regenbogen summer sommer
    winter spring fruehling autumn herbst january januar february februar march maerz april may june juni july
    juli august september october oktober november december dezember monday montag tuesday dienstag wednesday mittwoch
    thursday donnerstag friday freitag saturday samstag sunday sonntag
    dragon drache monkey affe tiger lion loewe bear baer wolf wolves eagle adler falcon falke hawk phoenix panther puma
    leopard cheetah elephant elefant horse pferd pony dolphin delfin shark hai whale wal penguin pinguin bird vogel dog
    hund doggy puppy cat katze kater kitty kitten mouse maus rabbit hase bunny hamster turtle butterfly schmetterling
    spider spinne snake schlange scorpion unicorn einhorn dinosaur chicken schnecke frosch
    football fussball soccer baseball basketball hockey tennis golf volleyball handball swimming running skiing rugby
    boxing champion champions winner gewinner arsenal liverpool chelsea barcelona juventus bayern dortmund schalke
    hamburg werder gladbach lakers yankees cowboys steelers packers raiders broncos eagles
    superman batman spiderman ironman starwars startrek pokemon pikachu nintendo playstation xbox minecraft fortnite
    matrix gandalf frodo hobbit harrypotter hermione voldemort simpson simpsons snoopy garfield mickey minnie naruto
    zelda mario sonic warcraft starcraft counterstrike ninja samurai pirate piraten warrior krieger hunter jaeger
    soldier soldat wizard zauberer magic magie killer shadow schatten ghost geist demon devil teufel god gott jesus
    christ heaven himmel hell power energy thunder lightning storm sturm fire feuer water wasser earth erde wind ocean
    ozean sea meer beach strand island insel mountain berg river forest wald flower blume blumen rose roses lily tulip
    orchid garden garten sunflower cherry kirsche apple apfel banana banane orange lemon zitrone peach pfirsich
    strawberry erdbeere chocolate schokolade cookie cookies keks candy bonbon sugar zucker coffee kaffee tea cheese
    kaese pizza burger pepper pfeffer ginger ingwer vanilla vanille beer bier wine wein whiskey vodka
    red rot blue blau green gruen yellow gelb black schwarz white weiss purple lila pink silver silber gold golden
    diamond diamant crystal kristall platinum emerald ruby
    freedom freiheit peace frieden happy gluecklich lucky glueck smile laecheln dream traum dreams forever fuerimmer
    nothing nichts whatever egal unknown anonymous superstar hero held legend legende genius perfect perfekt awesome
    cool super mega trustno one america american germany deutschland german deutsch austria oesterreich schweiz
    switzerland england london paris berlin muenchen koeln frankfurt stuttgart wien zuerich newyork texas california
    canada australia europe europa italy italia spain france russia china japan india brazil mexico
    ferrari porsche mercedes bmw audi volkswagen toyota honda yamaha suzuki harley davidson mustang corvette camaro
    guitar gitarre piano klavier music musik metallica nirvana slipknot eminem beatles rockyou rocknroll
    hiphop techno party money geld dollar euro bitcoin credit bank banking million millionaire lottery jackpot poker
    casino qwerty qwertz azerty abcdef asdfgh yxcvbn zxcvbn
    michael michelle jennifer jessica ashley amanda daniel daniela matthew joshua andrew andrea thomas robert roberto
    charlie charles william james john johnny joseph david anthony jonathan jordan justin brandon nicholas nicole
    christopher christian christina christine kristina alexander alexandra alexandre alexis samantha elizabeth
    victoria vanessa veronica stephanie stefanie stefan steven stephen peter petra paul paula patrick patricia martin
    martina maria marie mary marina mark markus marcus marco manuel manuela lukas lucas luke laura lauren lena leon
    leonie leonard julia julian juliane jonas johannes johanna jan jana janine jasmin jasmine heike helga hans hannah
    hanna guenther gabriel gabriele frank franz florian felix fabian eva emma emily emilia elias dieter dennis denise
    claudia carmen caroline carolin bernd benjamin barbara antonia anna anne annika andreas angela angelika angelina
    aaron adam adrian albert alice alina amelie anja arthur astrid birgit bianca brigitte carla carlos cornelia
    dominik doris dorothea edward eric erik ernst ferdinand finn friedrich georg george gerd gerhard gisela harald
    heidi heinrich heinz helmut henry herbert hermann horst hubert ingrid isabel isabella jakob jacob joerg
    jochen josef juergen karin karl karsten katharina katja kathrin katrin kerstin kevin klaus konstantin kurt larissa
    lars lea leah lisa louis louisa luca luis luisa lydia magdalena maike manfred marcel margarete marianne mario
    marlene marvin matthias max maximilian melanie mia miriam monika moritz nadine natalie natascha nico nina noah
    norbert nora olaf oliver olivia oscar oskar otto pascal philipp pia rainer ralf rebecca regina renate richard rita
    robin rolf ronald ruth sabine sabrina samuel sandra sara sarah sascha sebastian silke silvia simon simone sofia
    sonja sophia sophie susanne svenja sven sylvia tanja theresa thorsten tim timo tina tobias tom torsten udo ulrich
    ulrike ursula ute uwe verena viktor viktoria vincent volker walter werner wilhelm wolfgang yvonne yannick zoe
    mustermann musterfrau mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann smith johnson
    williams brown jones garcia miller davis rodriguez martinez
    """,
    )
)

# Ways that fingers take; each counts forwards and backwards.
_PATHS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "qwertzuiopü",
    "azertyuiop",
    "asdfghjklöä",
    "zxcvbnm",
    "yxcvbnm",
    "!@#$%^&*()",
    '!"§$%&/()=',
    "1q2w3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6z7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "q1w2e3r4t5z6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmik",
    "qaywsxedcrfvtgbzhnujmik",
    "147258369",
    "159357",
    "789456123",
)
_ALL_PATHS = tuple(way for path in _PATHS for way in (path, path[::-1]))

_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_YEAR = re.compile(r"(19|20)\d\d")
_DATE = re.compile(r"\d{1,2}[./-]?\d{1,2}[./-]?((19|20)?\d\d)|(19|20)\d\d[./-]?\d{1,2}[./-]?\d{1,2}")
_SHORTEST_WALK = 3
_HARDLY_A_SIGN = 2
_FEW_SIGNS = 4  # around a word; a longer tail has to be a walk, a date or a repetition to count as nothing


def is_common(password: str) -> bool:
    """Say whether the password is among those that are tried first; it comes in NFKC form."""
    lowered = password.casefold()
    return _is_worthless(lowered) or _is_words(lowered)


def _is_worthless(text: str) -> bool:
    """True for walks, dates and repetitions, alone or joined."""
    return _is_repetition(text) or bool(_DATE.fullmatch(text)) or _is_walked(text)


def _is_repetition(text: str) -> bool:
    """True for repetitions: `aaaaaaaa`, `abcabcabc`, `passwordpassword`."""
    if not text:
        return False
    unit = text[: (text + text).index(text, 1)]
    return len(unit) < len(text) and (len(unit) <= _FEW_SIGNS or is_common(unit))


def _is_walked(text: str) -> bool:
    """True for at most three walks and hardly a sign more: `qwertyuiop`, `1qaz2wsx`, `asdf1234`, `yxcvbnm1`."""
    place = 0
    for _ in range(3):
        step = _walk_from(text, place)
        place += step if step >= _SHORTEST_WALK else 0
    return place > 0 and len(text) - place <= _HARDLY_A_SIGN


def _walk_from(text: str, place: int) -> int:
    length = 1
    while place + length < len(text) and _is_one_way(text[place : place + length + 1]):
        length += 1
    return length


def _is_one_way(text: str) -> bool:
    return len(set(text)) == 1 or any(text in way for way in _ALL_PATHS)


def _is_words(text: str) -> bool:
    """True for one or two known words, plain or with digits for letters, with little around and between them."""
    return any(_is_dressed(form) for form in (text, text.translate(_LEET), _swapped(text)))


def _swapped(text: str) -> str:
    """Read digits as letters only inside: `passw0rd1` is `password` and a 1."""
    core = text.rstrip("0123456789!@$.?*#+-_")
    return core.translate(_LEET) + text[len(core) :]


def _is_dressed(text: str) -> bool:
    plain = text.translate(_UMLAUTS)
    letters = re.sub(r"[^a-z]+", " ", plain).split()
    around = re.split(r"[a-z]+", plain)
    return (
        len(letters) in {1, 2}
        and all(_is_known(run) for run in letters)
        and all(_counts_as_nothing(signs) for signs in around)
    )


def _is_known(run: str) -> bool:
    return run in _WORDS or any(run[:cut] in _WORDS and run[cut:] in _WORDS for cut in range(3, len(run) - 2))


def _counts_as_nothing(signs: str) -> bool:
    return len(signs) <= _FEW_SIGNS or _is_worthless(signs) or bool(_YEAR.fullmatch(signs.strip("!.?*#+-_@$")))
