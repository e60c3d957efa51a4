"""A sheet of pictures to look at: a column for each class.  sheet.py badges crayon 3 sheet.png"""

import sys

import numpy as np
from PIL import Image

from drawing import SIDE, draw
from tasks import class_names, scene

task, style, rows, path = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
classes = range(len(class_names(task)))
pictures = draw([scene(task, label, row, 1, style).record() for row in range(rows) for label in classes])
grid = pictures.reshape(rows, len(classes), SIDE, SIDE, 3).transpose(0, 2, 1, 3, 4)
Image.fromarray(np.ascontiguousarray(grid.reshape(rows * SIDE, len(classes) * SIDE, 3))).save(path)
