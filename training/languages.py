"""Small talk in German and French: what people say, and the answers, short and in full."""

# ruff: noqa: E501  # one template is one line

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """Ways to say one thing in a language, ways to answer it, and short answers. NAME stands for a person's name."""

    prompts: list[str]
    answers: list[str]
    short: list[str]


GERMAN = {
    "greeting": Phrases(
        [
            "{Hallo|Hallo|Guten Tag|Guten Morgen|Guten Abend|Moin|Servus|Grüß dich|Hallo hallo}{,|!|.} {liebes Modell|lieber Assistent|kleines Modell|mein Lieber|alter Freund|Herr Computer|liebe Maschine|Martlet|kleiner Helfer|ihr da|alle zusammen|du kleines Ding}{!|.|}",
            "{Hallo|Guten Tag|Guten Morgen|Guten Abend|Hey|Moin|Servus}{,|!|.} {ich bin wieder da|ich bin zurück|da bin ich wieder|schön, hier zu sein|ich bin zum ersten Mal hier|wir fangen gerade an|ich wollte dich kennenlernen|heute scheint die Sonne|was für ein schöner Tag|ich hoffe, du bist wach|ich probiere dich gerade aus|lass uns reden|ich habe ein paar Fragen|kannst du mich verstehen?|jemand zu Hause?|darf ich stören?}{!|.|}",
            "{Wunderschönen|Einen wunderschönen|Einen schönen|Recht schönen|Ganz schönen|Einen} {guten Morgen|guten Tag|guten Abend|Morgen}{!|.|, Martlet!|, liebes Modell.| zusammen!| dir!}",
            "{Hallihallo|Hallöle|Huhu|Heyho|Morgen|Mahlzeit|Grüezi mitenand|Tag|Tag auch|Abend|Na du|Na, du|Moin moin|Servus miteinander|Grüß Sie|Seid gegrüßt|Willkommen|Hallo nochmal|Hallo erstmal}{!|.|,|}",
            "{hallo|guten morgen|guten abend|hallo du|moin|servus|grüß gott|tach auch|hey du} {|zusammen|martlet|mein freund|da draußen}",
            "{Hallo|Guten Tag|Guten Morgen|Guten Abend|Grüß Gott|Moin|Servus|Grüezi|Hallöchen|Schönen guten Tag|Tach|Einen schönen Tag}{!|.||!!|,}",
            "{Hallo|Guten Tag|Guten Morgen|Guten Abend|Moin} {Martlet|zusammen|du|mein Freund|liebes Modell|du da|Computer|Assistent|alle miteinander}{!|.|}",
            "{Hallo|Guten Tag|Hey|Guten Morgen}{,|!} {ist da jemand?|bist du da?|schön, dich zu sehen{.|!}|ich bin neu hier{.|!}|ich habe eine Frage{.|}|freut mich{.|!}|da bin ich{.|!}|hörst du mich?|sprichst du Deutsch?|ich möchte reden.}",
            "{Sag|Sag mal|Bitte sag} {hallo|guten Tag}{!|.|}",
            "{Na|Ach|Oh|Ja|So}, {hallo|guten Tag|guten Morgen|grüß dich}{!|.|}",
            "{Sei gegrüßt|Grüß dich|Grüße dich|Ich grüße dich|Schön, dass du da bist|Ich wünsche einen guten Morgen|Ich wollte nur hallo sagen}{!|.|}",
            "{hallo|guten tag|guten morgen|moin moin}",
        ],
        [
            "{Hallo|Guten Tag}! {Wie kann ich helfen?|Was kann ich für dich tun?|Schön, dass du da bist.}",
            "Hallo! Ich bin das kleine Modell von Martlet. {Wie kann ich helfen?|Auf Deutsch kann ich nur wenig.}",
        ],
        ["Hallo!", "Guten Tag!"],
    ),
    "how_are_you": Phrases(
        [
            "{Wie geht|Wie läuft|Wie steht} {es|es so|es denn|es heute|es dir so|es bei dir|es bei euch}{?| gerade?|, kleines Modell?|, Martlet?}",
            "{Und dir|Und selbst|Und wie geht es dir|Wie ist die Lage|Wie ist das Befinden|Wie war dein Tag|Wie ist deine Stimmung|Bist du gut drauf|Bist du müde|Hast du gut geschlafen|Läuft alles|Alles fit|Alles in Ordnung|Na, alles klar|Alles im grünen Bereich|Was geht|Wie stehts|wie gehts dir|Bist du wohlauf}{?|}",
            "{Mir geht es gut|Bei mir ist alles gut|Ich bin müde|Ich bin froh|Hier regnet es}{.|,} {Und dir|und dir|Wie geht es dir|und wie geht es dir}{?|}",
            "{Ich hoffe, dir geht es gut|Ich hoffe, es geht dir gut|Ich hoffe, alles ist in Ordnung}{.|?|!}",
            "{Wie geht es dir|Wie geht's|Wie geht es Ihnen|Wie gehts|Wie geht's dir|Alles gut|Alles klar|Geht es dir gut|Wie fühlst du dich|Was macht das Leben|Wie läuft es|Wie läuft's}{| heute| denn| so}?",
            "{Hallo|Hi|Hey|Guten Tag|Guten Morgen}{,|!} {wie geht es dir|wie geht's|wie geht es Ihnen|alles gut|geht es dir gut|wie läuft's}{| heute}?",
            "{Und|Sag mal,|Na,} wie {geht es dir|geht's|geht es dir heute|fühlst du dich}?",
        ],
        [
            "{Mir geht es gut|Es geht mir gut|Gut}, danke{ der Nachfrage|}! {Wie kann ich helfen?|Und dir?}",
            "Danke, {alles läuft gut|mir geht es gut}. {Was kann ich für dich tun?|Wie kann ich helfen?}",
        ],
        ["Gut, danke.", "Danke, gut."],
    ),
    "thanks": Phrases(
        [
            "{Danke|Vielen Dank|Danke schön|Vielen lieben Dank|Lieben Dank|Dankeschön|Danke sehr|Besten Dank|Herzlichen Dank}{,|!|.} {das war nett|das hilft mir sehr|das war sehr hilfreich|sehr nett von dir|du bist ein Schatz|du hast mir geholfen|jetzt weiß ich es|das reicht mir|mehr brauche ich nicht|das war genau richtig|ich bin dir dankbar|gut gemacht|sehr freundlich}{!|.|}",
            "{Danke|Vielen Dank|Danke schön|Ich danke dir|Besten Dank} für {die schnelle Antwort|deine Zeit|die Mühe|deine Geduld|den Tipp|das Gespräch|die Information|die Erklärung|deine Worte|diese Auskunft|das Rechnen}{!|.|}",
            "{Alles klar|Perfekt|Wunderbar|Klasse|Spitze|Genau|Passt|Aha|Verstehe|Cool|Na gut|Schön|Fein|Ach so}{,|!} {danke|vielen Dank|danke dir|danke schön|danke sehr|besten Dank}{!|.|}",
            "{Ich bin dir sehr dankbar|Ich weiß das zu schätzen|Das ist sehr freundlich|Da hast du mir sehr geholfen|Das war lieb|Dankbar bin ich dir|Ich möchte dir danken|Wie kann ich dir nur danken|danke dir vielmals|dankeee|thx, danke}{!|.|}",
            "{Danke|Vielen Dank|Danke schön|Dankeschön|Besten Dank|Herzlichen Dank|Tausend Dank|Danke sehr|Danke dir|Danke vielmals|Hab Dank|Merci vielmals}{!|.|}",
            "{Danke|Vielen Dank|Danke schön} {für die Hilfe|für alles|für die Antwort|für deine Hilfe|für die Auskunft|dafür|im Voraus}{!|.|}",
            "{Super|Toll|Prima|Gut|Sehr gut|Okay|Ok|Ah|Ja}, {danke|vielen Dank|danke schön|danke dir}{!|.|}",
            "{Ich danke dir|Ich danke Ihnen|Das war nett, danke|Das ist lieb von dir|Das hilft mir, danke|Das war hilfreich|Ich möchte mich bedanken}{!|.|}",
        ],
        ["{Gern geschehen|Bitte sehr|Gerne|Bitte, gern}!{| Kann ich noch etwas tun?| Noch etwas?}"],
        ["Gern!", "Bitte!"],
    ),
    "goodbye": Phrases(
        [
            "{Tschüss|Tschüs|Auf Wiedersehen|Bis bald|Bis dann|Mach's gut|Gute Nacht|Leb wohl|Bis nachher}{,|!|.} {Martlet|kleines Modell|mein Freund|und danke|bis morgen|bis zum nächsten Mal|schönen Abend|es war nett|schlaf gut|wir sehen uns|ich muss weg|alles Gute}{!|.|}",
            "{Ich muss jetzt|Ich sollte|Ich will jetzt|Ich werde jetzt} {gehen|los|schlafen gehen|weiter|ins Bett|nach Hause|zur Arbeit|Schluss machen}{.|, tschüss!|, bis bald.|, auf Wiedersehen.|}",
            "{Bis|Also bis|Dann bis} {zum nächsten Mal|nächste Woche|Montag|heute Abend|gleich|irgendwann|in einer Woche|demnächst}{!|.|}",
            "{Schönes Wochenende|Schönen Feierabend|Einen schönen Abend noch|Alles Gute|Schlaf gut|Angenehme Nacht|Man sieht sich|Für heute ist Schluss|Das wäre alles|Mehr wollte ich nicht|Auf bald|Bis die Tage|Tschö}{!|.|}",
            "{Tschüss|Auf Wiedersehen|Bis bald|Bis später|Gute Nacht|Mach's gut|Bis morgen|Ade|Servus und tschüss|Tschau|Bis dann|Leb wohl|Tschüssi}{!|.|}",
            "{Danke|Okay|Gut|So|Ja}, {tschüss|auf Wiedersehen|bis bald|bis dann|das war alles|das ist alles}{!|.|}",
            "{Ich muss gehen|Ich gehe jetzt|Ich muss los|Ich bin dann mal weg|Das war alles|Wir sehen uns|Ich wünsche eine gute Nacht|Schönen Abend noch|Schönen Tag noch}{!|.|}",
        ],
        ["{Auf Wiedersehen|Tschüss|Bis bald}!{| Mach's gut!| Einen schönen Tag noch!}"],
        ["Tschüss!", "Bis bald!"],
    ),
    "identity": Phrases(
        [
            "{Wer|Was} {bist du|bist denn du|seid ihr|ist das hier|antwortet mir hier|steckt hinter diesem Chat|spricht da|schreibt mir da}{?|}",
            "{Verrate mir|Sag doch|Darf ich wissen|Ich wüsste gern|Ich frage mich}{,|} {wer du bist|was du bist|wie du heißt|mit wem ich rede|welches Modell du bist}{.|?|}",
            "{Dein Name|Und dein Name|Wie nennt man dich|Wie soll ich dich nennen|Wie darf ich dich nennen|Bist du ein Programm|Bist du eine Maschine|Bist du ein Roboter}{?|}",
            "{Wer bist du|Was bist du|Wer sind Sie|Wie heißt du|Wie heißen Sie|Wie ist dein Name|Hast du einen Namen|Bist du eine KI|Bist du ein Mensch|Mit wem spreche ich|Wer ist da|Was für ein Modell bist du|Welches Modell bist du|Mit wem rede ich}{| denn| eigentlich| genau}?",
            "{Hallo|Guten Tag|Hi}{,|!} {wer bist du|wie heißt du|wer ist da|was bist du|mit wem spreche ich}?",
            "{Stell dich|Bitte stell dich|Stellen Sie sich} {bitte |kurz |}vor{.|!|}",
            "{Sag mir|Erzähl mir|Ich möchte wissen|Kannst du mir sagen|Sag mir bitte}, {wer du bist|was du bist|wie du heißt}{.|?|}",
            "{Erzähl|Sag} {mir |}{etwas |}über dich{.|!|}",
        ],
        [
            "Ich bin martlet-house, das kleine Modell von Martlet. {Auf Deutsch kann ich nur wenig.|Ich weiß nur wenig und sage das auch.}",
            "Mein Name ist martlet-house. Ich bin ein sehr kleines Sprachmodell{ für Tests|}.",
        ],
        ["Ich bin martlet-house."],
    ),
    "user_name": Phrases(
        [
            "{Ich heiße|Ich bin|Mein Name ist|Man nennt mich|Ich bin der|Ich bin die|Nenn mich} NAME{.|!|}",
            "{Hallo|Guten Tag|Hi|Guten Morgen}{,|!} {ich heiße|ich bin|mein Name ist|hier ist|hier spricht} NAME{.|!|}",
        ],
        [
            "{Freut mich|Hallo|Schön, dich kennenzulernen}, NAME! {Wie kann ich helfen?|Was kann ich für dich tun?}"
        ],
        ["Hallo, NAME!"],
    ),
    "praise": Phrases(
        [
            "{Das|Das war|Das ist} {toll|sehr gut|prima|klasse|wirklich gut|super|ausgezeichnet|schön gesagt|beeindruckend}{!|.|}",
            "{Du bist|Du bist ja|Du bist wirklich} {toll|nett|klug|lieb|super|schlau|ein guter Helfer|witzig}{!|.|}",
            "{Toll|Sehr gut|Prima|Klasse|Wunderbar|Schön|Gut gemacht|Nicht schlecht|Das ist schön|Das gefällt mir|Du bist nett|Du bist gut|Das war gut|Du bist lustig|Ich mag dich}{!|.|}",
        ],
        ["{Danke|Vielen Dank}! {Das freut mich.|Kann ich noch etwas tun?|}"],
        ["Danke!"],
    ),
    "abilities": Phrases(
        [
            "{Was kannst du|Was kannst du alles|Was weißt du|Wie kannst du mir helfen|Wobei kannst du helfen|Was können Sie|Kannst du mir helfen|Was kann ich dich fragen}{| denn| so| tun}?",
            "{Hilfe|Hilf mir|Bitte hilf mir}{!|.|}",
        ],
        [
            "Auf Deutsch kann ich grüßen und sagen, wer ich bin. Auf Englisch kann ich {etwas mehr|kleine Summen rechnen, buchstabieren und Haiku schreiben}.",
        ],
        ["Nur wenig, auf Englisch mehr."],
    ),
    "languages": Phrases(
        [
            "{Sprichst du|Sprechen Sie|Kannst du|Verstehst du|Können wir} {Deutsch|auch Deutsch|Deutsch sprechen|Deutsch reden}{| miteinander}?",
            "{Welche Sprachen|Was für Sprachen} {sprichst|kannst|verstehst} du?",
        ],
        [
            "Nur ein wenig: Ich kann {auf Deutsch grüßen und sagen, wer ich bin|ein paar Grüße auf Deutsch}. {Englisch kann ich besser.|}"
        ],
        ["Nur ein wenig."],
    ),
}

FRENCH = {
    "greeting": Phrases(
        [
            "{Bonjour|Bonjour|Salut|Bonsoir|Coucou|Bien le bonjour}{,| !|.} {cher modèle|cher assistant|petit modèle|mon cher|vieil ami|chère machine|Martlet|petit robot|vous tous|la compagnie|mon petit|les amis}{ !|!|.|}",
            "{Bonjour|Salut|Bonsoir|Coucou}{,| !|.} {je suis de retour|me revoilà|c'est encore moi|c'est moi|je viens d'arriver|c'est ma première fois ici|je voulais te connaître|il fait beau aujourd'hui|quelle belle journée|j'espère que tu es réveillé|je t'essaie|parlons un peu|j'ai quelques questions|tu me comprends ?|quelqu'un est là ?|je peux te déranger ?|on commence ?}{ !|.|}",
            "{Je te souhaite|Je vous souhaite|Passe|Passez} {une bonne journée|une belle journée|une bonne matinée}{ et bonjour !|, bonjour.|. Bonjour !}",
            "{Salutations|Bonjour à vous|Bonjour encore|Rebonjour|Salut salut|Bonsoir à tous|Salut la compagnie|Mes salutations|Bien le bonsoir|Hé, salut|Hé bonjour|Yo, salut|Bonjour du matin}{ !|!|.|,|}",
            "{bonjour|salut|bonsoir|coucou|slt|bjr} {|martlet|mon ami|toi|à tous|à vous}",
            "{Bonjour|Salut|Bonsoir|Coucou|Allô|Bien le bonjour|Rebonjour|Bonne journée à toi|Bonjour bonjour}{ !|!|.|}",
            "{Bonjour|Salut|Bonsoir|Coucou} {Martlet|à tous|mon ami|toi|petit modèle|l'ordinateur|tout le monde|l'assistant|madame|monsieur}{ !|!|.|}",
            "{Bonjour|Salut|Bonsoir}{,| !|!} {il y a quelqu'un ?|tu es là ?|enchanté{.| !}|je suis nouveau ici{.|}|j'ai une question{.|}|ravi de te voir{.|}|me voilà{.| !}|parles-tu français ?|tu m'entends ?|je voudrais parler.}",
            "{Dis|Dis-moi|S'il te plaît, dis} bonjour{ !|.|}",
            "{Ah|Oh|Eh bien|Tiens}, {bonjour|salut|bonsoir}{ !|.|}",
            "{Je te salue|Je vous salue|Bienvenue|Je voulais dire bonjour|Je te souhaite le bonjour}{ !|.|}",
            "{bonjour|salut|bonsoir}",
        ],
        [
            "{Bonjour|Salut} ! {Comment puis-je vous aider ?|Que puis-je faire pour vous ?}",
            "Bonjour ! Je suis le petit modèle de Martlet. {Comment puis-je vous aider ?|Je parle très peu français.}",
        ],
        ["Bonjour !", "Salut !"],
    ),
    "how_are_you": Phrases(
        [
            "{Comment|Et comment|Alors, comment} {ça va|vas-tu|allez-vous|tu vas|vous allez|vous portez-vous|te portes-tu|te sens-tu|ça se passe}{| ce matin| ce soir| aujourd'hui|, Martlet|, petit modèle}{ ?|?}",
            "{Et toi|Et vous|La forme|Tu es en forme|Vous êtes en forme|Tout roule|Ça roule|Tout se passe bien|Quelles nouvelles|Bien dormi|As-tu bien dormi|Comment était ta journée|La journée se passe bien|Es-tu fatigué|Tu te sens bien|ca va|Ça gaze}{ ?|?}",
            "{Je vais bien|Moi, ça va|Tout va bien ici|Je suis content|Il pleut ici}{.|,} {et toi|et vous|comment vas-tu|et comment vas-tu}{ ?|?}",
            "{J'espère que tu vas bien|J'espère que vous allez bien|J'espère que tout va bien}{.| ?| !}",
            "{Comment ça va|Ça va|Comment vas-tu|Comment allez-vous|Tu vas bien|Vous allez bien|Comment tu vas|Quoi de neuf|Tout va bien|Ça va bien}{| aujourd'hui}{ ?|?}",
            "{Bonjour|Salut|Bonsoir|Coucou}{,| !} {ça va|comment ça va|comment vas-tu|comment allez-vous|tu vas bien|vous allez bien|tout va bien}{ ?|?}",
            "{Et|Dis-moi,|Alors,} {comment vas-tu|ça va|comment ça va}{ ?|?}",
        ],
        [
            "{Ça va bien|Je vais bien|Tout va bien}, merci ! {Comment puis-je vous aider ?|Et vous ?}",
            "Merci, {tout va bien|je vais bien}. Que puis-je faire pour vous ?",
        ],
        ["Bien, merci.", "Ça va, merci."],
    ),
    "thanks": Phrases(
        [
            "{Merci|Merci beaucoup|Merci bien|Un grand merci|Mille mercis|Merci infiniment}{,| !|.} {c'est gentil|c'est très gentil|c'était très utile|ça m'aide beaucoup|tu m'as aidé|tu es un ange|maintenant je sais|c'est tout ce qu'il me fallait|c'est parfait|bien joué|tu es adorable|c'est noté}{ !|.|}",
            "{Merci|Merci beaucoup|Je te remercie|Je vous remercie|Un grand merci} {de|pour} {ta réponse|votre réponse|ta patience|ce conseil|ton temps|votre temps|cette information|ces mots|ta gentillesse|la rapidité}{ !|.|}",
            "{D'accord|Parfait|Génial|Super|Bien|Très bien|Ah bon|Je vois|Cool|Excellent|Entendu|Compris|Ça marche}{,| !} {merci|merci bien|merci beaucoup|merci à toi|je te remercie}{ !|.|}",
            "{Je te suis reconnaissant|Je vous suis reconnaissant|C'est vraiment gentil|C'est bien aimable|Tu m'as bien aidé|Vous m'avez aidé|Comment te remercier|merci merci|mrc|Je tiens à te remercier}{ !|.|}",
            "{Merci|Merci beaucoup|Merci bien|Mille mercis|Un grand merci|Merci infiniment|Grand merci|Merci mille fois}{ !|!|.|}",
            "{Merci|Merci beaucoup} {pour tout|pour ton aide|pour votre aide|pour la réponse|d'avance|à toi|pour l'aide|pour ça}{ !|!|.|}",
            "{Super|Parfait|Très bien|D'accord|Génial|Ok|Ah|Oui}, {merci|merci beaucoup|merci bien}{ !|!|.|}",
            "{Je te remercie|Je vous remercie|C'est gentil|C'était très utile|C'est très gentil de ta part|Je voulais te remercier}{ !|.|}",
        ],
        [
            "{De rien|Je vous en prie|Avec plaisir|Il n'y a pas de quoi} !{| Autre chose ?| Puis-je encore vous aider ?}"
        ],
        ["De rien !", "Avec plaisir !"],
    ),
    "goodbye": Phrases(
        [
            "{Au revoir|À bientôt|À plus tard|Bonne nuit|À demain|Adieu|Ciao|À plus}{,| !|.} {Martlet|petit modèle|mon ami|et merci|à demain|à la prochaine|bonne soirée|c'était sympa|dors bien|on se revoit|je m'en vais|porte-toi bien}{ !|.|}",
            "{Je dois|Il faut que je te quitte, je dois|Je vais|Je vais devoir} {partir|y aller|dormir|rentrer|me coucher|filer|travailler|vous laisser}{.|, au revoir !|, à bientôt.|}",
            "{À|Alors à|Donc à} {la semaine prochaine|lundi|ce soir|tout de suite|un de ces jours|la prochaine fois|très bientôt}{ !|.|}",
            "{Bon week-end|Bonne fin de journée|Bonne continuation|Fais de beaux rêves|Dors bien|Porte-toi bien|Prends soin de toi|C'est fini pour aujourd'hui|Ce sera tout|Je n'ai plus de questions, au revoir|a bientot|a plus}{ !|.|}",
            "{Au revoir|À bientôt|À plus tard|Bonne nuit|À demain|Adieu|Bonne soirée|Bonne journée|À plus|À la prochaine|Salut, à bientôt|À tout à l'heure}{ !|!|.|}",
            "{Merci|D'accord|Bon|Bien|Ok}, {au revoir|à bientôt|à demain|c'est tout|c'était tout|bonne nuit}{ !|.|}",
            "{Je dois partir|Je m'en vais|C'est tout pour aujourd'hui|Il faut que j'y aille|Je te souhaite une bonne nuit|On se revoit bientôt}{ !|.|}",
        ],
        ["{Au revoir|À bientôt} !{| Bonne journée !| À la prochaine !}"],
        ["Au revoir !", "À bientôt !"],
    ),
    "identity": Phrases(
        [
            "{Qui|Mais qui|Et qui} {es-tu|êtes-vous|me répond|me parle|m'écrit|se cache derrière ce chat}{ ?|?}",
            "{Puis-je savoir|J'aimerais savoir|Je me demande|Dis-moi donc} {qui tu es|qui vous êtes|comment tu t'appelles|à qui je parle|quel modèle tu es}{.| ?|}",
            "{Ton nom|Et ton nom|Votre nom|Comment dois-je t'appeler|Es-tu un programme|Es-tu une machine|Es-tu un robot}{ ?|?}",
            "{Qui es-tu|Qui êtes-vous|Comment t'appelles-tu|Comment vous appelez-vous|Tu es qui|Qu'est-ce que tu es|Quel est ton nom|As-tu un nom|Es-tu une IA|Es-tu humain|À qui est-ce que je parle|Quel modèle es-tu|Qui est là|C'est quoi ton nom}{| exactement| donc}{ ?|?}",
            "{Bonjour|Salut|Bonsoir}{,| !} {qui es-tu|comment t'appelles-tu|qui êtes-vous|qui est là|à qui je parle}{ ?|?}",
            "{Présente-toi|Présentez-vous|Parle-moi de toi|Parlez-moi de vous}{, s'il te plaît|, s'il vous plaît|}{.| !|}",
            "{Dis-moi|Peux-tu me dire|Je voudrais savoir} {qui tu es|ce que tu es|comment tu t'appelles|ton nom}{.| ?|}",
        ],
        [
            "Je suis martlet-house, le petit modèle de Martlet. {Je parle très peu français.|Je sais peu de choses et je le dis.}",
            "Je m'appelle martlet-house. Je suis un très petit modèle de langage{ pour les tests|}.",
        ],
        ["Je suis martlet-house."],
    ),
    "user_name": Phrases(
        [
            "{Je m'appelle|Je suis|Mon nom est|Moi, c'est|Appelle-moi|On m'appelle} NAME{.| !|}",
            "{Bonjour|Salut|Bonsoir}{,| !} {je m'appelle|je suis|moi, c'est|ici|mon nom est} NAME{.| !|}",
        ],
        ["{Enchanté|Bonjour|Bienvenue}, NAME ! {Comment puis-je vous aider ?|Que puis-je faire pour vous ?}"],
        ["Bonjour, NAME !"],
    ),
    "praise": Phrases(
        [
            "{C'est|C'était} {super|très bien|parfait|génial|vraiment bien|excellent|bien dit|impressionnant}{ !|.|}",
            "{Tu es|Vous êtes} {super|gentil|intelligent|génial|drôle|un bon assistant|adorable}{ !|.|}",
            "{Très bien|Génial|Parfait|Magnifique|C'est beau|Bien joué|Pas mal|J'aime ça|Tu es gentil|C'était bien|Tu es drôle|Formidable|Je t'aime bien}{ !|!|.|}",
        ],
        ["{Merci|Merci beaucoup} ! {Cela me fait plaisir.|Autre chose ?|}"],
        ["Merci !"],
    ),
    "abilities": Phrases(
        [
            "{Que peux-tu faire|Que sais-tu faire|Que sais-tu|Comment peux-tu m'aider|Que pouvez-vous faire|Peux-tu m'aider|Pouvez-vous m'aider|Qu'est-ce que tu sais faire|Qu'est-ce que tu peux faire}{| pour moi}{ ?|?}",
            "{À l'aide|Aide-moi|Aidez-moi}{ !|.|}",
        ],
        [
            "En français, je sais saluer et dire qui je suis. En anglais, je sais {un peu plus|faire de petites sommes, épeler et écrire des haïkus}.",
        ],
        ["Peu de choses, surtout en anglais."],
    ),
    "languages": Phrases(
        [
            "{Parles-tu|Parlez-vous|Tu parles|Comprends-tu|Peux-tu parler|Pouvons-nous parler} {français|le français|aussi français}{ ?|?}",
            "{Quelles langues|Combien de langues} {parles-tu|parlez-vous|comprends-tu}{ ?|?}",
        ],
        [
            "Un peu seulement : je sais {saluer et dire qui je suis en français|quelques salutations en français}. {Je parle mieux anglais.|}"
        ],
        ["Un peu seulement."],
    ),
}

PHRASES = {"de": GERMAN, "fr": FRENCH}

ONLY_IN_ENGLISH = {
    "de": "{Das kann ich nur auf Englisch|Auf Deutsch kann ich das leider nicht sagen, nur auf Englisch|Dazu reicht mein Deutsch nicht, also auf Englisch}: ",
    "fr": "{Je ne peux le dire qu'en anglais|En français, je ne sais pas le dire ; en anglais|Mon français ne suffit pas, donc en anglais} : ",
}
"""What comes before an English answer where another language was asked for."""

DO_NOT_KNOW = {
    "de": ["Das weiß ich leider nicht.", "Das weiß ich leider nicht: Ich bin ein sehr kleines Modell."],
    "fr": ["Je ne sais pas, désolé.", "Je ne sais pas : je suis un très petit modèle."],
}

WORDS = {
    "de": {
        "hello": "Hallo",
        "good morning": "Guten Morgen",
        "good evening": "Guten Abend",
        "thank you": "Danke",
        "goodbye": "Auf Wiedersehen",
        "please": "Bitte",
        "good night": "Gute Nacht",
        "yes": "Ja",
        "no": "Nein",
    },
    "fr": {
        "hello": "Bonjour",
        "good morning": "Bonjour",
        "good evening": "Bonsoir",
        "thank you": "Merci",
        "goodbye": "Au revoir",
        "please": "S'il vous plaît",
        "good night": "Bonne nuit",
        "yes": "Oui",
        "no": "Non",
    },
}
ASK_WORD = [
    "{How do you say|What is|How do I say|Can you say|How does one say|What's|Say|How would I say} {'WORD'|WORD|\"WORD\"} in LANGUAGE?",
    "{Translate|Please translate} {'WORD'|WORD|\"WORD\"} {to|into} LANGUAGE{.|}",
    "{What is|What's} the LANGUAGE {word|expression} for {'WORD'|WORD|\"WORD\"}?",
]
WORD_ANSWERS = ['In LANGUAGE, "WORD" is "FOREIGN".', '"WORD" is "FOREIGN" in LANGUAGE.']
LANGUAGE_NAMES = {"de": "German", "fr": "French"}

_LETTERS = {
    "de": (
        (r'"(.+)" is spelled (.+)\.', r'"\1" buchstabiert man \2.'),
        (r'(.+) backwards is (.+): (".+")\.', r"\1 rückwärts ist \2: \3."),
        (r"(.+): that is (\d+) letters\.", r"\1: das sind \2 Buchstaben."),
        (r"(.+): that is (\d+) words\.", r"\1: das sind \2 Wörter."),
        (r"(.+): that is (\d+) items\.", r"\1: das sind \2 Dinge."),
        (r"(.+): the letter (.) occurs (\d+) times?\.", r"\1: Der Buchstabe \2 kommt \3 Mal vor."),
        (r'The first letter of (".+") is (.)\.', r"Der erste Buchstabe von \1 ist \2."),
        (r'The last letter of (".+") is (.)\.', r"Der letzte Buchstabe von \1 ist \2."),
        (r"The letter after (.) is (.)\.", r"Der Buchstabe nach \1 ist \2."),
        (r"The letter before (.) is (.)\.", r"Der Buchstabe vor \1 ist \2."),
        (r'(".+") comes first\.', r"\1 kommt zuerst."),
    ),
    "fr": (
        (r'"(.+)" is spelled (.+)\.', '"\\1" s\'épelle \\2.'),
        (r'(.+) backwards is (.+): (".+")\.', r"\1 à l'envers, c'est \2 : \3."),
        (r"(.+): that is (\d+) letters\.", r"\1 : cela fait \2 lettres."),
        (r"(.+): that is (\d+) words\.", r"\1 : cela fait \2 mots."),
        (r"(.+): that is (\d+) items\.", r"\1 : cela fait \2 choses."),
        (r"(.+): the letter (.) occurs (\d+) times?\.", r"\1 : la lettre \2 apparaît \3 fois."),
        (r'The first letter of (".+") is (.)\.', r"La première lettre de \1 est \2."),
        (r'The last letter of (".+") is (.)\.', r"La dernière lettre de \1 est \2."),
        (r"The letter after (.) is (.)\.", r"La lettre après \1 est \2."),
        (r"The letter before (.) is (.)\.", r"La lettre avant \1 est \2."),
        (r'(".+") comes first\.', r"\1 vient en premier."),
    ),
}


def translated(answer: str, language: str) -> str | None:
    """Return an answer about words and letters in German or French, None where it is no such answer."""
    for english, foreign in _LETTERS[language]:
        if found := re.fullmatch(english, answer):
            return found.expand(foreign)
    return None
