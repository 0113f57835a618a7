"""Readers of labelled data: YOLO folders, COCO JSON, MOTChallenge text, ball CSV. Nothing is ever downloaded."""
